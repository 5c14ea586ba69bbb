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
            wrong[keyPath: path] = (right[keyPath: path] ?? []) + Samples.slice("1")
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
        "refuses a time that is no number while ages are checked",
        arguments: ["soon", "1e9", "1460537339.0", "99999999999999999999"])
    func unreadableTime(_ timestamp: String) throws {
        let callback = try callback()
        #expect(throws: CallbackError.timestampUnreadable) {
            try callback.verify(query(timestamp: timestamp), now: now, maxAge: 600)
        }
        try callback.verify(query(timestamp: timestamp), now: now, maxAge: 0)
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
        let long = String(repeating: "1", count: 129)
        #expect(throws: CallbackError.parameterTooLong) { try callback.verify(query(nonce: long), now: now, maxAge: 0) }
        #expect(throws: CallbackError.parameterTooLong) {
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
