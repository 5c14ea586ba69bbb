import Glibc
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
        // HAProxy lets a body without a length through only where its buffer holds it, and says so itself.
        guard front != .haproxy || !chunked else { return #expect(response.status == 400) }
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
        arguments: [
            Front.nginxWithSpawnFCGI, .nginxWithUnixSocket, .nginxWithPort, .nginxWithPortIPv6,
            .nginxWithSocketActivation, .apacheProxyFCGI, .haproxy,
        ])
    func cutShortFastCGI(front: Front) async throws {
        let request = try Account.plain.delivery(of: Self.hello)
        let backend = try #require(try await front.backend())
        let response = try FastCGIExchange.answer(
            variables: request.cgiVariables, body: Array(request.bodyBytes.dropLast(20)), from: backend)
        try expectRefusal(response, status: 400)
    }

    @Test(
        "a client that ends before its body does is never told 200 by a web server",
        arguments: Front.allCases.filter { $0 != .bareCGI })
    func cutShortByClient(front: Front) async throws {
        let request = try Account.single.delivery(of: Self.hello)
        let webServer = try #require(try await front.webServer(for: request))
        let connection = try webServer.connect()
        defer { close(connection) }
        sendAll(request.bytes.dropLast(20), to: connection)
        #expect(shutdown(connection, Int32(SHUT_WR)) == 0)
        // It may say nothing, since a client that ends early may be gone.
        let answer = receiveAll(from: connection)
        if !answer.isEmpty { #expect(try HTTPResponse(http: answer).status >= 400) }
        // It goes on serving.
        #expect(try await front.answer(to: request).status == 200)
    }

    private func hello(padding: Int) -> String {
        Self.hello.replacing("</xml>", with: "<Padding>\(String(repeating: "x", count: padding))</Padding></xml>")
    }
}
