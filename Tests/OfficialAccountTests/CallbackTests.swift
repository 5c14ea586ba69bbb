import OfficialAccount
import Testing

@Suite("Checking a request")
struct CallbackVerifyTests {
    private let now: Int64 = 1_460_537_339

    private func callback(previousToken: Bool = false) throws -> Callback {
        let previous = previousToken ? try Token(parsing: Vectors.oldToken) : nil
        return Callback(
            credentials: try Credentials(token: Token(parsing: Vectors.token), previousToken: previous))
    }

    private func query(
        token: String = Vectors.token, timestamp: String = Vectors.timestamp, nonce: String = Vectors.nonce,
        echostr: String? = nil
    ) -> CallbackQuery {
        let parts = [token, timestamp, nonce].map(Samples.slice)
        return CallbackQuery(
            signature: Signature.signature(of: parts)[...], timestamp: parts[1], nonce: parts[2],
            echostr: echostr.map(Samples.slice))
    }

    @Test("accepts what openssl signed")
    func vector() throws {
        let (parts, signature) = Vectors.signatures[0]
        let query = CallbackQuery(
            signature: Samples.slice(signature), timestamp: Samples.slice(parts[1]), nonce: Samples.slice(parts[2]))
        try callback().verify(query, now: now, maxAge: 600)
    }

    @Test("refuses each missing, empty or changed parameter")
    func parameters() throws {
        let callback = try callback()
        let right = query()
        let paths: [WritableKeyPath<CallbackQuery, ArraySlice<UInt8>?>] = [\.signature, \.timestamp, \.nonce]
        for path in paths {
            for value in [nil, []] as [ArraySlice<UInt8>?] {
                var wrong = right
                wrong[keyPath: path] = value
                #expect(throws: CallbackError.signatureMissing) { try callback.verify(wrong, now: now, maxAge: 600) }
            }
            var wrong = right
            wrong[keyPath: path] = (right[keyPath: path] ?? []).dropLast() + Samples.slice("0")
            #expect(throws: CallbackError.signatureWrong) { try callback.verify(wrong, now: now, maxAge: 600) }
        }
        #expect(throws: CallbackError.signatureMissing) {
            try callback.verify(CallbackQuery(), now: now, maxAge: 600)
        }
    }

    @Test("accepts the previous Token only where there is one")
    func previousToken() throws {
        let old = query(token: Vectors.oldToken)
        try callback(previousToken: true).verify(old, now: now, maxAge: 600)
        try callback(previousToken: true).verify(query(), now: now, maxAge: 600)
        #expect(throws: CallbackError.signatureWrong) { try callback().verify(old, now: now, maxAge: 600) }
    }

    @Test("does not take one text's end for the next one's beginning without a valid order")
    func shifted() throws {
        // The signature of the joined texts is the same; that is the platform's scheme, and the age is what limits it.
        var query = query(timestamp: "1460537339", nonce: "99")
        query.timestamp = Samples.slice("146053733")
        query.nonce = Samples.slice("999")
        let callback = try callback()
        #expect(throws: CallbackError.self) { try callback.verify(query, now: now, maxAge: 600) }
    }

    @Test(
        "refuses a time further from the clock than allowed, either way, and says how far",
        arguments: [
            (0, nil), (600, nil), (-600, nil), (601, 601), (-601, -601), (1_000_000, 1_000_000),
        ] as [(Int64, Int64?)])
    func age(difference: Int64, refusedBy: Int64?) throws {
        let callback = try callback()
        if let refusedBy {
            #expect(throws: CallbackError.tooOld(by: refusedBy)) {
                try callback.verify(query(), now: now + difference, maxAge: 600)
            }
        } else {
            try callback.verify(query(), now: now + difference, maxAge: 600)
        }
        try callback.verify(query(), now: now + difference, maxAge: 0)
    }

    @Test(
        "refuses a time that is not ten digits, whether ages are checked or not",
        arguments: ["soon", "1e9", "1460537339.0", "99999999999999999999", "0460537339", "146053733", "+460537339"])
    func unreadableTime(_ timestamp: String) throws {
        let callback = try callback()
        #expect(throws: CallbackError.timestampUnreadable) {
            try callback.verify(query(timestamp: timestamp), now: now, maxAge: 600)
        }
        #expect(throws: CallbackError.timestampUnreadable) {
            try callback.verify(query(timestamp: timestamp), now: now, maxAge: 0)
        }
    }

    @Test("refuses a signature that was computed from an old one without the Token")
    func lengthExtension() throws {
        // The Token sorts first, so that SHA-1 can be carried on behind what it was computed of: from the signature of
        // 123456, 1700000000 and 1593827461, over 1593827461 1700000000, SHA-1's padding of 38 bytes, and 1795000000.
        // sha1sum says of those bytes with 123456 before them what stands below.
        let padding: [UInt8] = [0x80] + Array(repeating: 0, count: 36) + [0xD0]
        let nonce = Samples.bytes("15938274611700000000") + padding
        let forged = Samples.slice("33bcee5bc61c38d7b1356cc4b0d307c08c066aa0")
        let timestamp = Samples.slice("1795000000")
        #expect(Signature.holds(forged, over: [Samples.slice("123456"), timestamp, nonce[...]]))
        let callback = Callback(credentials: Credentials(token: try Token(parsing: "123456")))
        #expect(throws: CallbackError.nonceUnreadable) {
            try callback.verify(
                CallbackQuery(signature: forged, timestamp: timestamp, nonce: nonce[...]), now: 1_795_000_000,
                maxAge: 600)
        }
    }

    @Test(
        "survives the ends of 64 bits", arguments: [Int64.min, .max, 0, -1],
        ["-9223372036854775808", "9223372036854775807", "-1"])
    func extremes(now: Int64, timestamp: String) throws {
        let callback = try callback()
        do { try callback.verify(query(timestamp: timestamp), now: now, maxAge: 600) } catch {
            #expect(error.kind == .refused)
        }
    }

    @Test("refuses a timestamp or nonce longer than any the platform sends, rightly signed or not")
    func lengths() throws {
        let callback = try callback()
        let long = String(repeating: "1", count: 65)
        #expect(throws: CallbackError.nonceUnreadable) { try callback.verify(query(nonce: long), now: now, maxAge: 0) }
        #expect(throws: CallbackError.timestampUnreadable) {
            try callback.verify(query(timestamp: long), now: now, maxAge: 0)
        }
    }

    @Test("answers a verification with exactly the bytes of echostr")
    func echo() throws {
        let callback = try callback()
        #expect(
            Samples.string(try callback.echo(query(echostr: "5837 \"x\"\n"), now: now, maxAge: 600)) == "5837 \"x\"\n")
        #expect(throws: CallbackError.echostrMissing) { try callback.echo(query(), now: now, maxAge: 600) }
        #expect(CallbackError.echostrMissing.kind == .malformed)
        var unsigned = query(echostr: "x")
        unsigned.signature = nil
        #expect(throws: CallbackError.signatureMissing) { try callback.echo(unsigned, now: now, maxAge: 600) }
    }

    @Test("takes parameters from a look-up by their names")
    func lookUp() {
        let query = CallbackQuery { Samples.slice("\($0)") }
        #expect(query.signature.map(Samples.string) == "signature")
        #expect(query.timestamp.map(Samples.string) == "timestamp")
        #expect(query.nonce.map(Samples.string) == "nonce")
        #expect(query.echostr.map(Samples.string) == "echostr")
        #expect(query.messageSignature.map(Samples.string) == "msg_signature")
        #expect(query.encryptType.map(Samples.string) == "encrypt_type")
    }
}
