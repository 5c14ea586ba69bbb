import Foundation
import HTTPStub
import NIOHTTP1
import OfficialAccount
import OfficialAccountBot
import Testing

@testable import OfficialAccountRules

/// A callback server that is there already, made of the part of this library that receives: it checks the signature,
/// decrypts, and answers as its account's mode says.
@Suite("Forwarding a message as XML", .timeLimit(.minutes(1))) struct ForwardAsXMLTests {
    private static func credentials(
        _ mode: EncryptionMode, key: String = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", token: String = "hello"
    ) throws -> Credentials {
        try Credentials(
            token: Token(parsing: token), appID: AppID(parsing: "wx0123456789abcdef"),
            encodingAESKey: EncodingAESKey(parsing: key), encryption: mode)
    }

    private static func query(_ request: HTTPStub.Request) -> CallbackQuery {
        CallbackQuery { name in request.query[name.description].map { Array($0.utf8)[...] } }
    }

    @Test("an existing callback server can answer it", arguments: EncryptionMode.allCases)
    func answers(mode: EncryptionMode) async throws {
        let credentials = try Self.credentials(mode)
        let callback = Callback(credentials: credentials)
        let message = try textMessage("查订单 <42> & ]]")
        try await withService({ request in
            do {
                let now = Int64(Date().timeIntervalSince1970)
                let delivery = try callback.open(request.body, query: Self.query(request), now: now, maxAge: 60)
                #expect(delivery.isEncrypted == (mode != .plain))
                #expect(delivery.message == message)
                let isBare = !String(decoding: request.body, as: UTF8.self).contains("MsgType")
                #expect(isBare == (mode == .secure))
                var generator = SystemRandomNumberGenerator()
                let reply = callback.seal(.text("完成"), for: delivery, createTime: now, using: &generator)
                return .bytes(reply.body, headers: ["Content-Type": reply.contentType])
            } catch {
                Issue.record(error)
                return .text("refused", status: .forbidden)
            }
        }) { server in
            let forward = try Forward(url: server.url("/wx?app=1"), form: .xml, credentials: credentials)
            #expect(try await forward.answer(message, context()) == .text("完成"))
            let request = try #require(server.requests.first)
            #expect(request.path == "/wx")
            #expect(request.query["app"] == "1")
            #expect(request.query["openid"] == "oUser")
            #expect(request.query["encrypt_type"] == (mode == .plain ? nil : "aes"))
            #expect(request.headers["Content-Type"] == ["text/xml"])
        }
    }

    @Test func failsWhereTheServiceHasAnotherKeyOrToken() async throws {
        let other = "ABCDEFGhijklmnopqrstuvwxyz0123456789ABCDEFG"
        for (wrong, said) in [
            (try Self.credentials(.secure, key: other), "EncodingAESKey"),
            (try Self.credentials(.secure, token: "other"), "Token"),
        ] {
            let message = try textMessage()
            try await withService({ _ in
                let seal = PlatformSeal(wrong)
                let reply = "<xml><MsgType>text</MsgType><Content>\(secretContent)</Content></xml>"
                var generator = SystemRandomNumberGenerator()
                let encrypted = String(
                    decoding: seal.cipher!.encrypt(Array(reply.utf8), appID: seal.appID, using: &generator),
                    as: UTF8.self)
                let signature = seal.signature("1700000000", "1", encrypted)
                return .text(
                    """
                    <xml><Encrypt>\(encrypted)</Encrypt><MsgSignature>\(signature)</MsgSignature>\
                    <TimeStamp>1700000000</TimeStamp><Nonce>1</Nonce></xml>
                    """, type: "text/xml")
            }) { server in
                let forward = try Forward(url: server.url(), form: .xml, credentials: Self.credentials(.secure))
                let error = await failure(ServiceError.self) { try await forward.answer(message, context()) }
                #expect(error?.reason == .unreadable)
                #expect(error?.description.contains(said) == true, "\(error?.description ?? "no error")")
                #expect(error?.description.contains(secretContent) == false)
            }
        }
    }
}
