import TestSupport
import Testing

/// A request that the program refuses.
struct Refused: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let request: @Sendable () throws -> HTTPRequest

    init(_ name: String, _ request: @escaping @Sendable () throws -> HTTPRequest) {
        testDescription = name
        self.request = request
    }
}

extension Refused {
    private static let hello = SampleMessage.text("hello").xml

    /// What does not verify.
    static let forbidden: [Refused] = [
        Refused("no signature") { try Account.single.delivery(of: hello, flaws: .init(without: ["signature"])) },
        Refused("no query") {
            try Account.single.delivery(
                of: hello, flaws: .init(without: ["signature", "timestamp", "nonce", "openid"]))
        },
        Refused("no timestamp") { try Account.single.delivery(of: hello, flaws: .init(without: ["timestamp"])) },
        Refused("another nonce") { try Account.single.delivery(of: hello, flaws: .init(with: ["nonce": "1"])) },
        Refused("an empty signature") { try Account.single.delivery(of: hello, flaws: .init(with: ["signature": ""])) },
        Refused("a signature in capitals and wrong") {
            try Account.single.delivery(of: hello, flaws: .init(with: ["signature": String(repeating: "A", count: 40)]))
        },
        Refused("another Token") { Account(path: Account.single.path, token: "Another").plainDelivery(of: hello) },
        Refused("a verification with another Token") {
            Account(path: Account.single.path, token: "Another").verification()
        },
        Refused("a verification without a signature") {
            Account.single.verification(flaws: .init(without: ["signature"]))
        },
        Refused("too old") { try Account.single.delivery(of: hello, flaws: .init(age: 3600)) },
        Refused("too far ahead") { try Account.single.delivery(of: hello, flaws: .init(age: -3600)) },
        Refused("a verification too old") { Account.single.verification(flaws: .init(age: 3600)) },
        Refused("wrong signature before a wrong body") {
            Account(path: Account.single.path, token: "Another").plainDelivery(of: "not XML")
        },
        Refused("said to be encrypted, and no signature") {
            try Account.single.delivery(
                of: hello, flaws: .init(without: ["signature"], with: ["openid": "o&encrypt_type=aes"]))
        },
        Refused("plain where secure") { Account.secure.plainDelivery(of: hello) },
        Refused("plain where secure, said to be raw") {
            Account.secure.post(hello, signed: nil, flaws: .init(with: ["openid": "o&encrypt_type=raw"]))
        },
        Refused("plain where secure, said to be encrypted") {
            Account.secure.post(hello, signed: nil, flaws: .init(with: ["openid": "o&encrypt_type=aes"]))
        },
        Refused("no msg_signature") {
            try Account.secure.delivery(of: hello, flaws: .init(without: ["msg_signature"]))
        },
        Refused("wrong msg_signature") {
            try Account.secure.delivery(
                of: hello, flaws: .init(with: ["msg_signature": String(repeating: "0", count: 40)]))
        },
        Refused("wrong msg_signature where compatible") {
            try Account.compatible.delivery(
                of: hello, flaws: .init(with: ["msg_signature": String(repeating: "0", count: 40)]))
        },
        Refused("signature in the place of msg_signature") {
            var request = try Account.secure.delivery(of: hello, flaws: .init(without: ["msg_signature"]))
            request.target = request.target.replacing("?signature=", with: "?msg_signature=")
            return request
        },
        Refused("another key") {
            var account = Account.secure
            account.key = Account.secondKey
            return try account.delivery(of: hello)
        },
        Refused("another account's AppID") {
            var account = Account.secure
            account.appID = "wxanother"
            return try account.delivery(of: hello)
        },
        Refused("no AppID") {
            var account = Account.secure
            account.appID = ""
            return try account.delivery(of: hello)
        },
        Refused("not base64") { Account.secure.encrypted("!!!not base64!!!") },
        Refused("too short to be a cipher text") { Account.secure.encrypted("AAAA") },
        Refused("a cipher text of noise") {
            Account.secure.encrypted("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2")
        },
    ]

    /// What is not a message.
    static let malformed: [Refused] = [
        Refused("an empty body") { Account.single.plainDelivery(of: "") },
        Refused("not XML") { Account.single.plainDelivery(of: "{\"MsgType\": \"text\"}") },
        Refused("XML that does not end") { Account.single.plainDelivery(of: String(hello.dropLast(6))) },
        Refused("another envelope") {
            Account.single.plainDelivery(
                of: hello.replacing("<xml>", with: "<yml>").replacing("</xml>", with: "</yml>"))
        },
        Refused("no MsgType") { Account.single.plainDelivery(of: hello.replacing("MsgType", with: "MsgKind")) },
        Refused("a document type") { Account.single.plainDelivery(of: "<!DOCTYPE xml>\(hello)") },
        Refused("an entity definition") {
            Account.single.plainDelivery(
                of: "<!DOCTYPE xml [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>"
                    + hello.replacing("<![CDATA[hello]]>", with: "&a;"))
        },
        Refused("elements nested without end") {
            Account.single.plainDelivery(
                of: "<xml><MsgType>text</MsgType>\(String(repeating: "<a>", count: 5000))"
                    + "\(String(repeating: "</a>", count: 5000))</xml>")
        },
    ]
}

extension Account {
    /// An encrypted body that is signed as it should be, whatever is in it.
    fileprivate func encrypted(_ text: String) -> HTTPRequest {
        post("<xml><ToUserName>gh_account</ToUserName><Encrypt>\(text)</Encrypt></xml>", signed: text)
    }
}
