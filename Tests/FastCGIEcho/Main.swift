import FastCGI

/// A FastCGI program for the tests that need a process of its own: it answers with what it was sent.
@main
struct Main {
    static func main() async throws {
        let handler: Handler = { request in
            Response(contentType: "text/plain", body: (try? request.body) ?? [])
        }
        switch try Launch.current() {
        case .cgi: _ = await CGI.respond(handler: handler)
        case .inherited(let l): try await Server(listener: l, handler: handler).run()
        case .none: try await Server(listener: .open(.init(parsing: CommandLine.arguments[1])), handler: handler).run()
        }
    }
}
