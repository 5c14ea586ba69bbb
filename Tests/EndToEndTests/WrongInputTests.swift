import TestSupport
import Testing

/// The table of wrong input, row by row.
@Suite("Wrong input")
struct WrongInputTests {
    private static let hello = SampleMessage.text("hello").xml

    @Test("what does not verify is forbidden", arguments: Front.allCases, Refused.forbidden)
    func forbids(front: Front, refused: Refused) async throws {
        try expectRefusal(try await front.answer(to: refused.request()), status: 403)
    }

    @Test("a method other than GET and POST is not allowed", arguments: Front.allCases, ["PUT", "DELETE", "PATCH"])
    func methods(front: Front, method: String) async throws {
        var request = Account.single.verification()
        request.method = method
        let response = try await front.answer(to: request)
        try expectRefusal(response, status: 405)
        let allowed = (response["Allow"] ?? "").split(separator: ",").map { $0.filter { $0 != " " } }
        #expect(Set(allowed) == ["GET", "POST"])
    }

    @Test("a body over the limit is too large", arguments: Front.allCases, [false, true])
    func tooLarge(front: Front, chunked: Bool) async throws {
        let message = hello(padding: 1_400_000)
        let response = try await front.answer(to: Account.single.delivery(of: message, chunked: chunked))
        try expectRefusal(response, status: 413)
    }

    @Test("what is not a message is malformed", arguments: Front.allCases, Refused.malformed)
    func malformed(front: Front, refused: Refused) async throws {
        try expectRefusal(try await front.answer(to: refused.request()), status: 400)
    }

    @Test("a body cut short of its length is malformed, over CGI")
    func cutShortCGI() throws {
        let request = try Account.single.delivery(of: Self.hello)
        var variables = request.cgiVariables
        variables["WECHAT_TOKEN"] = Account.single.token
        let outcome = try run(
            [Program.path], environment: programEnvironment(variables), input: Array(request.bodyBytes.dropLast(20)))
        try expectRefusal(try HTTPResponse(cgiOutput: outcome.output), status: 400)
    }

    @Test(
        "a body cut short of its length is malformed, over FastCGI",
        arguments: [Front.nginxWithSpawnFCGI, .nginxWithUnixSocket, .nginxWithPort, .nginxWithSocketActivation])
    func cutShortFastCGI(front: Front) async throws {
        let request = try Account.single.delivery(of: Self.hello)
        var variables = request.cgiVariables
        variables["WECHAT_TOKEN"] = Account.single.token
        let backend = try #require(try await front.backend())
        let response = try FastCGIExchange.answer(
            variables: variables, body: Array(request.bodyBytes.dropLast(20)), from: backend)
        try expectRefusal(response, status: 400)
    }

    private func hello(padding: Int) -> String {
        Self.hello.replacing("</xml>", with: "<Padding>\(String(repeating: "x", count: padding))</Padding></xml>")
    }
}
