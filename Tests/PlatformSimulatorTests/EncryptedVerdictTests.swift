import OfficialAccount
import PlatformSimulator
import Testing

@Suite("What the platform makes of an encrypted answer")
struct EncryptedVerdictTests {
    /// An envelope around an encrypted text, signed as it should be unless a test wants it otherwise.
    static func envelope(
        _ encrypted: [UInt8], time: String? = nil, token: String = "YourToken", signature: String? = nil,
        nonce: String = "nonce"
    ) -> String {
        let time = time ?? String(Accounts.time())
        let parts = [Array(token.utf8)[...], Array(time.utf8)[...], Array(nonce.utf8)[...], encrypted[...]]
        let signature = signature ?? String(decoding: Signature.signature(of: parts), as: UTF8.self)
        return "<xml><Encrypt><![CDATA[\(String(decoding: encrypted, as: UTF8.self))]]></Encrypt>"
            + "<MsgSignature><![CDATA[\(signature)]]></MsgSignature><TimeStamp>\(time)</TimeStamp>"
            + "<Nonce><![CDATA[\(nonce)]]></Nonce></xml>"
    }

    static func encrypted(
        _ xml: String = Accounts.xml(), key: String = Accounts.key, appID: [UInt8] = Array(Accounts.appID.utf8)
    ) throws -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return MessageCipher(key: try EncodingAESKey(parsing: key), appID: nil)
            .encrypt(Array(xml.utf8), appID: appID, using: &generator)
    }

    /// As a tool encrypts that pads to AES's own block: the last block that is right for 32 is never there.
    static func paddedTo16() throws -> [UInt8] {
        // So long that the two paddings differ.
        var xml = Accounts.xml()
        while (20 + xml.utf8.count + Accounts.appID.utf8.count) % 32 >= 16 { xml += " " }
        let padding = 16 - (20 + xml.utf8.count + Accounts.appID.utf8.count) % 16
        let text = try encrypted(
            xml, appID: Array(Accounts.appID.utf8) + Array(repeating: UInt8(padding), count: padding))
        // What the cipher adds to that is one whole block more, which the other tool's text does not have.
        let bytes = try #require(Array(base64: text)).dropLast(16)
        return Array(bytes).base64
    }

    func outcome(_ body: String, in mode: EncryptionMode = .secure) async throws -> DeliveryReport.Outcome {
        let server = try ScriptedServer { _ in .answer(body) }
        return await (try Accounts.platform(server, in: mode)).send(.text("你好"), from: "oAlice").outcome
    }

    @Test(
        "A right answer is understood in secure and in compatible mode",
        arguments: [EncryptionMode.secure, .compatible])
    func right(mode: EncryptionMode) async throws {
        #expect(try await outcome(Self.envelope(try Self.encrypted()), in: mode) == .reply(.text("好")))
    }

    @Test("An unencrypted answer is taken in compatible mode and not in secure mode")
    func unencrypted() async throws {
        #expect(try await outcome(Accounts.xml(), in: .compatible) == .reply(.text("好")))
        #expect(try await outcome(Accounts.xml()) == .faultNotice(.notEncrypted))
    }

    @Test("A text padded to 16 bytes is told from one padded to 32")
    func padding() async throws {
        #expect(try await outcome(Self.envelope(try Self.paddedTo16())) == .faultNotice(.paddingNot32))
    }

    @Test("A time stamp in milliseconds is named")
    func milliseconds() async throws {
        let body = Self.envelope(try Self.encrypted(), time: "1700000000000")
        #expect(try await outcome(body) == .faultNotice(.notSeconds("TimeStamp")))
    }

    @Test("A signature by another Token, or the wrong one of the two, is named")
    func signature() async throws {
        let encrypted = try Self.encrypted()
        #expect(try await outcome(Self.envelope(encrypted, token: "Other")) == .faultNotice(.wrongSignature))
        #expect(
            try await outcome(Self.envelope(encrypted, signature: String(repeating: "0", count: 40)))
                == .faultNotice(.wrongSignature))
    }

    @Test("Another key and another AppID are told apart")
    func keys() async throws {
        #expect(
            try await outcome(Self.envelope(try Self.encrypted(key: Accounts.otherKey)))
                == .faultNotice(.undecryptable))
        #expect(
            try await outcome(Self.envelope(try Self.encrypted(appID: Array("wxother".utf8))))
                == .faultNotice(.wrongAppID))
    }

    @Test("Faults of the reply inside are found too")
    func inside() async throws {
        let body = Self.envelope(try Self.encrypted(Accounts.xml(to: "gh_simulated", from: "oAlice")))
        #expect(try await outcome(body) == .faultNotice(.namesNotSwapped))
    }

    @Test("A missing element is named", arguments: ["MsgSignature", "TimeStamp", "Nonce"])
    func missing(element: String) async throws {
        let body = Self.envelope(try Self.encrypted()).replacing("<\(element)>", with: "<X>")
            .replacing("</\(element)>", with: "</X>")
        #expect(try await outcome(body) == .faultNotice(.missing(element)))
    }
}
