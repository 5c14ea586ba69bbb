import TestSupport
import Testing

@Suite("Accounts")
struct AccountTests {
    @Test("the longest path that fits finds the account", arguments: Front.allCases)
    func longestPath(front: Front) async throws {
        let message = SampleMessage.text("hello")
        for account in [Account.plain, .deeper] {
            let response = try await front.answer(to: account.delivery(of: message.xml))
            #expect(try account.read(response) == message.reply)
        }
        var mistaken = Account.deeper
        mistaken.token = Account.plain.token
        try expectRefusal(try await front.answer(to: mistaken.delivery(of: message.xml)), status: 403)
    }

    @Test(
        "where the path holds the token, any token is an account", arguments: Front.allCases,
        ["abc", "Token0123456789Token0123456789ab"])
    func tokenInPath(front: Front, token: String) async throws {
        var account = Account.demo
        account.path = "/wechat/demo/\(token)"
        account.token = token
        let message = SampleMessage.text("hello")
        #expect(try account.read(try await front.answer(to: account.delivery(of: message.xml))) == message.reply)
        account.token = "another"
        try expectRefusal(try await front.answer(to: account.delivery(of: message.xml)), status: 403)
    }

    @Test(
        "a path that no account has is not found", arguments: Front.allCases,
        ["/wechat/none", "/wechat/plainer", "/wechat/demo"])
    func unknownPath(front: Front, path: String) async throws {
        var account = Account.plain
        account.path = path
        try expectRefusal(try await front.answer(to: account.verification()), status: 404)
    }

    @Test("the web server's variables can be all an account has", arguments: Front.allCases)
    func variables(front: Front) async throws {
        let account = Account.variables
        let message = SampleMessage.text("hello")
        #expect(try account.read(try await front.answer(to: account.delivery(of: message.xml))) == message.reply)
        try expectRefusal(try await front.answer(to: account.plainDelivery(of: message.xml)), status: 403)
    }

    @Test("a client's headers are not the web server's variables", arguments: Front.allCases)
    func headers(front: Front) async throws {
        var account = Account.plain
        account.token = "Attackers"
        var request = account.verification()
        request.headers = [("WECHAT-TOKEN", "Attackers"), ("Wechat_Token", "Attackers")]
        #expect(try await front.answer(to: request).status != 200)
    }

    @Test(
        "before and after a change of Token and key every message is answered, under the key it came with",
        arguments: Front.allCases)
    func rotation(front: Front) async throws {
        let message = SampleMessage.text("hello")
        for account in [Account.rotated, .rotatedBefore] {
            let response = try await front.answer(to: account.delivery(of: message.xml))
            #expect(try account.read(response) == message.reply)
            #expect(response.text.contains("<Encrypt>"))
            let plain = try await front.answer(to: account.plainDelivery(of: message.xml))
            #expect(plain.status == 200)
        }
    }

    @Test("without a key a compatible body is understood by its plain fields", arguments: Front.allCases)
    func compatibleWithoutKey(front: Front) async throws {
        var account = Account.plain
        account.key = Account.firstKey
        account.mode = .compatible
        let message = SampleMessage.text("hello")
        let response = try await front.answer(to: account.delivery(of: message.xml))
        #expect(try Account.plain.read(response) == message.reply)
    }
}
