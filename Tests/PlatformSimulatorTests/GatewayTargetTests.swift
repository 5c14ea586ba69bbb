import Dispatch
import FastCGI
import Glibc
import OfficialAccount
import PlatformSimulator
import TestSupport
import Testing

@Suite("Targets without a web server")
struct GatewayTargetTests {
    /// A FastCGI server that answers with the library.
    static func server(_ mode: EncryptionMode) throws -> TestServer {
        let callback = Callback(credentials: try Accounts.credentials(mode))
        return try TestServer { request in
            do {
                let query = request.query
                let values = CallbackQuery { query[$0] }
                if request.method == "GET" {
                    return Response(body: try callback.echo(values, now: Accounts.time(), maxAge: 300))
                }
                let delivery = try callback.open(
                    try request.body, query: values, now: Accounts.time(), maxAge: 300)
                var generator = SystemRandomNumberGenerator()
                let content = delivery.message.fields.text("Content") ?? ""
                let path = request.path
                let reply = callback.seal(
                    .text("\(path) \(request.parameters["EXTRA"] ?? "") \(content.utf8.count)"), for: delivery,
                    createTime: Accounts.time(), using: &generator)
                return Response(contentType: reply.contentType, body: reply.body)
            } catch {
                return .plain(500, "\(error)")
            }
        }
    }

    @Test("A FastCGI server is reached over its socket, in every mode", arguments: EncryptionMode.allCases)
    func fastCGI(mode: EncryptionMode) async throws {
        let server = try Self.server(mode)
        let platform = SimulatedPlatform(
            credentials: try Accounts.credentials(mode),
            target: FastCGITarget(.unix(server.path), path: "/a/b", variables: ["EXTRA": "x"]),
            rule: DeliveryRule(patience: .seconds(20)))
        #expect(await platform.verify().fault == nil)
        #expect(await platform.send(.text("abc"), from: "oAlice").outcome == .reply(.text("/a/b x 3")))
        // Larger than a record.
        let long = String(repeating: "好", count: 60_000)
        #expect(await platform.send(.text(long), from: "oAlice").outcome == .reply(.text("/a/b x 180000")))
        try await server.stop()
    }

    @Test("A FastCGI server is reached over TCP")
    func tcp() async throws {
        let listener = try Listener.open(.tcp(host: "127.0.0.1", port: 0))
        let port = try #require(listener.port)
        let server = Server(listener: listener, workers: 1) { _ in Response(status: 418, body: [0x61]) }
        let task = Task { try await server.run() }
        let platform = SimulatedPlatform(
            credentials: try Accounts.credentials(.plain), target: FastCGITarget(.tcp(host: "127.0.0.1", port: port)))
        let record = await platform.deliverOnce(
            platform.prepare(.text("a"), from: "oAlice"), patience: .seconds(20))
        #expect(record.fault == .status(418))
        #expect(record.answer?.body == [0x61])
        server.stop()
        try await task.value
    }

    @Test("A FastCGI server that does not answer is left")
    func silent() async throws {
        let folder = try TemporaryFolder()
        let listener = try Endpoint.unix(folder("s")).listen()
        let left = Locked(false)
        DispatchQueue(label: "silent").async {
            let connection = accept(listener, nil, nil)
            _ = receiveAll(from: connection)
            left.withLock { $0 = true }
            close(connection)
            close(listener)
        }
        let platform = SimulatedPlatform(
            credentials: try Accounts.credentials(.plain), target: FastCGITarget(.unix(folder("s"))),
            rule: DeliveryRule(patience: .milliseconds(300), deliveries: 1))
        let report = await platform.send(.text("a"), from: "oAlice")
        #expect(report.outcome == .faultNotice(.timeout(after: .milliseconds(300))))
        #expect(await eventually { left.withLock { $0 } })
    }

    @Test("No FastCGI server is a fault, and so is what is not one")
    func none() async throws {
        let folder = try TemporaryFolder()
        let message: SimulatedMessage = .text("a")
        let rule = DeliveryRule(patience: .seconds(20), deliveries: 1)
        let absent = SimulatedPlatform(
            credentials: try Accounts.credentials(.plain), target: FastCGITarget(.unix(folder("none"))), rule: rule)
        guard case .faultNotice(.unreachable) = await absent.send(message, from: "oAlice").outcome else {
            Issue.record("there is nobody")
            return
        }
        let listener = try Endpoint.unix(folder("http")).listen()
        DispatchQueue(label: "http").async {
            let connection = accept(listener, nil, nil)
            sendAll(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8), to: connection)
            _ = receiveAll(from: connection)
            close(connection)
            close(listener)
        }
        let other = SimulatedPlatform(
            credentials: try Accounts.credentials(.plain), target: FastCGITarget(.unix(folder("http"))), rule: rule)
        #expect(await other.send(message, from: "oAlice").outcome == .faultNotice(.notHTTP))
    }

    // MARK: CGI

    static func cgi(
        _ script: String, in folder: TemporaryFolder, patience: Duration = .seconds(20)
    ) throws -> SimulatedPlatform {
        let program = try folder.write("#!/bin/sh\n\(script)\n", to: "program", mode: 0o755)
        return SimulatedPlatform(
            credentials: try Accounts.credentials(.plain),
            target: CGITarget(program: program, path: "/cgi", variables: ["EXTRA": "x"]),
            rule: DeliveryRule(patience: patience, deliveries: 1))
    }

    @Test("A CGI program gets the variables, the body, and its answer is understood")
    func program() async throws {
        let folder = try TemporaryFolder()
        let platform = try Self.cgi(
            """
            body=$(cat)
            printf 'Content-Type: text/xml\\r\\n\\r\\n'
            printf '<xml><ToUserName>oAlice</ToUserName><FromUserName>gh_simulated</FromUserName>'
            printf '<CreateTime>%s</CreateTime><MsgType>text</MsgType><Content>' "$(date +%s)"
            printf '%s %s %s %s %s' "$REQUEST_METHOD" "$SCRIPT_NAME" "$EXTRA" "$((CONTENT_LENGTH - ${#body}))" "$HTTP_USER_AGENT"
            printf '</Content></xml>'
            """, in: folder)
        let report = await platform.send(.text("abc"), from: "oAlice")
        #expect(report.outcome == .reply(.text("POST /cgi x 0 Mozilla/4.0")))
    }

    @Test("A CGI program that is not done in time runs on, as under a web server")
    func slow() async throws {
        let folder = try TemporaryFolder()
        let platform = try Self.cgi(
            "while [ ! -e '\(folder("go"))' ]; do sleep 0.05; done; echo > '\(folder("done"))'", in: folder,
            patience: .milliseconds(300))
        let report = await platform.send(.text("abc"), from: "oAlice")
        #expect(report.outcome == .faultNotice(.timeout(after: .milliseconds(300))))
        try folder.write("", to: "go")
        #expect(await eventually { access(folder("done"), F_OK) == 0 })
    }

    @Test("A CGI program that never ends is killed")
    func endless() async throws {
        let folder = try TemporaryFolder()
        let program = try folder.write(
            "#!/bin/sh\necho $$ > '\(folder("pid"))'; exec sleep 600\n", to: "program", mode: 0o755)
        let target = CGITarget(program: program, lifetime: .seconds(3))
        let platform = SimulatedPlatform(
            credentials: try Accounts.credentials(.plain), target: target,
            rule: DeliveryRule(patience: .milliseconds(300), deliveries: 1))
        let report = await platform.send(.text("abc"), from: "oAlice")
        #expect(report.outcome == .faultNotice(.timeout(after: .milliseconds(300))))
        await target.finish()
        // Nothing is known of one that was killed before it could write who it is.
        guard let pid = (try? text(ofFile: folder("pid"))).flatMap({ pid_t($0.filter(\.isNumber)) }) else { return }
        #expect(kill(pid, 0) == -1)
    }

    @Test("A CGI program's faults are named")
    func faults() async throws {
        let folder = try TemporaryFolder()
        let quiet = try Self.cgi("exit 1", in: folder)
        #expect(await quiet.send(.text("a"), from: "oAlice").outcome == .faultNotice(.notHTTP))
        let refusing = try Self.cgi("printf 'Status: 503 Busy\\n\\n'", in: folder)
        #expect(await refusing.send(.text("a"), from: "oAlice").outcome == .faultNotice(.status(503)))
        let absent = SimulatedPlatform(
            credentials: try Accounts.credentials(.plain), target: CGITarget(program: folder("none")),
            rule: DeliveryRule(deliveries: 1))
        guard case .faultNotice(.unreachable) = await absent.send(.text("a"), from: "oAlice").outcome else {
            Issue.record("there is no program")
            return
        }
    }
}
