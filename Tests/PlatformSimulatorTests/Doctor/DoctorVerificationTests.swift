import OfficialAccount
import PlatformSimulator
import Testing

@Suite("What the doctor finds about the verification of a URL", .serialized)
struct DoctorVerificationTests {
    @Test("Nothing about a good server, in each mode", arguments: EncryptionMode.allCases)
    func good(mode: EncryptionMode) async throws {
        let good = try DoctorServer(mode)
        #expect(try await findings(in: mode) { good.answer($0) } == [])
    }

    @Test("A server that has nothing to say is a good one too", arguments: EncryptionMode.allCases)
    func silent(mode: EncryptionMode) async throws {
        var good = try DoctorServer(mode)
        good.reply = { _ in .none }
        let server = good
        #expect(try await findings(in: mode) { server.answer($0) } == [])
    }

    static let alterations: [(name: String, body: @Sendable (String) -> [UInt8], code: FindingCode)] = [
        ("quotes", { Array("\"\($0)\"".utf8) }, .echostrQuoted),
        ("JSON", { Array("{\"echostr\":\"\($0)\"}".utf8) }, .echostrJSON),
        ("a page", { Array("<html><body>\($0)</body></html>".utf8) }, .echostrHTML),
        ("a byte order mark", { [0xEF, 0xBB, 0xBF] + Array($0.utf8) }, .echostrByteOrderMark),
        ("a new line", { Array("\($0)\n".utf8) }, .echostrWhitespace),
        ("blank lines before it", { Array("\r\n\r\n\($0)".utf8) }, .echostrWhitespace),
        ("UTF-16", { $0.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] } }, .echostrCharset),
        (
            "UTF-16 with its mark", { [0xFE, 0xFF] + $0.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } },
            .echostrCharset
        ),
        ("UTF-32", { $0.unicodeScalars.flatMap { [UInt8($0.value), 0, 0, 0] } }, .echostrCharset),
        ("a number", { Array("\(Int64(Double($0) ?? 0) + 1024)".utf8) }, .echostrNumber),
        ("a float", { Array("\(Double($0) ?? 0)".utf8) }, .echostrNumber),
        ("words around it", { Array("ok: \($0)!".utf8) }, .echostrWrapped),
        ("nothing", { _ in [] }, .echostrEmpty),
        ("something else", { _ in Array("success".utf8) }, .echostrDifferent),
    ]

    @Test("An altered echostr is named by its alteration", arguments: alterations.indices)
    func altered(index: Int) async throws {
        let (name, body, code) = Self.alterations[index]
        let good = try DoctorServer()
        let codes = try await findings { request in
            let answer = good.answer(request)
            guard request.isVerification, answer.bytes.starts(with: "HTTP/1.1 200".utf8) else { return answer }
            return .send(Script.dated(body(request.echostr), type: "text/html"))
        }
        #expect(codes == [code], "\(name)")
    }

    @Test("An escaped echostr is named, where escaping changes it")
    func escaped() async throws {
        for body in ["a%2Bb%3D", "a+b&#39;"] {
            let server = try ScriptedServer { _ in .answer(body) }
            let echostr = body.hasPrefix("a%") ? "a+b=" : "a+b'"
            let record = await (try Accounts.platform(server)).verify(echostr: echostr)
            #expect(record.finding?.code == .echostrEscaped)
        }
    }

    @Test(
        "Another Token is one finding, however the server refuses",
        arguments: ["403 Forbidden", "401 No", "400 No", "200 OK"])
    func token(status: String) async throws {
        let codes = try await findings { request in
            .send(
                Script.dated(
                    Array((status == "200 OK" ? "" : "bad signature").utf8), type: "text/plain", status: status))
        }
        #expect(codes == [.tokenMismatch])
    }

    @Test("A Token that is another one at a server which tells a missing signature from a wrong one")
    func tokenTold() async throws {
        let codes = try await findings { request in
            .answer(request.hasQuery ? "wrong" : "signature is missing", status: "403 Forbidden")
        }
        #expect(codes == [.tokenMismatch])
    }

    @Test(
        "A dropped query is told from another Token where the server says what is missing",
        arguments: [
            ("403 Forbidden", "missing signature"), ("400 Bad Request", "bad request"),
            ("422 Unprocessable", "{\"detail\":\"field required\"}"),
        ])
    func query(status: String, body: String) async throws {
        let good = try DoctorServer()
        let codes = try await findings { request in
            // As the server sees it behind such a proxy: it never meets a query.
            request.isVerification ? .answer(body, status: status) : good.answer(request)
        }
        #expect(codes == [.queryDropped])
    }

    @Test("A server that verifies anybody is found")
    func anybody() async throws {
        let good = try DoctorServer()
        let codes = try await findings { request in
            request.isVerification
                ? .send(Script.dated(Array(request.echostr.utf8), type: "text/plain")) : good.answer(request)
        }
        #expect(codes == [.forgedAccepted])
    }

    static let statuses: [(status: String, body: String, headers: [String], code: FindingCode)] = [
        ("404 Not Found", "<html>404</html>", [], .wrongPath),
        ("404 Not Found", "no account here\n", [], .wrongPath),
        ("301 Moved", "", ["Location: https://example.com/wechat?x=1"], .redirect),
        ("302 Found", "", ["Location: /login"], .redirect),
        ("401 Unauthorized", "", ["WWW-Authenticate: Basic realm=\"a\""], .loginNeeded),
        ("403 Forbidden", "<!DOCTYPE html><html>403</html>", [], .forbidden),
        ("405 Method Not Allowed", "", ["Allow: POST"], .methodRefused),
        ("500 Internal Server Error", "oops", [], .serverError),
        ("500 Internal Server Error", "the server is not set up for this account\n", [], .serverMisconfigured),
        ("502 Bad Gateway", "", [], .gateway),
        ("503 Service Unavailable", "", [], .busy),
        ("504 Gateway Time-out", "", [], .gateway),
        ("204 No Content", "", [], .status),
        ("200 OK", "<html>Welcome to nginx!</html>", [], .webPage),
    ]

    @Test("A status is named by what it is about", arguments: statuses.indices)
    func status(index: Int) async throws {
        let (status, body, headers, code) = Self.statuses[index]
        let codes = try await findings { _ in
            .send(Script.dated(Array(body.utf8), type: "text/html", status: status, headers: headers))
        }
        #expect(codes == [code])
    }

    @Test("What a program cannot use is more than the key")
    func misconfigured() async throws {
        let server = try ScriptedServer { _ in
            .answer("the server is not set up for this account\n", status: "500 Internal Server Error")
        }
        let advice = await (try Accounts.platform(server)).verify().finding?.advice ?? ""
        for cause in ["its log", "configuration file", "Token", "EncodingAESKey"] { #expect(advice.contains(cause)) }
    }

    @Test("What is no answer is named")
    func noAnswer() async throws {
        #expect(try await findings { _ in .send(Array("SSH-2.0-x\r\n".utf8)) } == [.notHTTP])
        let zero = "HTTP/1.1 000 OK\r\nContent-Length: 1\r\n\r\nx"
        #expect(try await findings { _ in .send(Array(zero.utf8)) } == [.notHTTP])
        #expect(try await findings { _ in .send([]) } == [.cutShort])
        let half = Script.dated([1, 2, 3], type: "text/plain").dropLast(1)
        #expect(try await findings { _ in .send(Array(half)) } == [.cutShort])
    }

    @Test("A server that is silent is too slow, one that takes its time is slow")
    func slow() async throws {
        #expect(try await findings(patience: .milliseconds(500)) { _ in .sendAndHold([]) } == [.tooSlow])
        let good = try DoctorServer()
        let codes = try await findings(slow: .milliseconds(400), messages: false) { request in
            request.echostr.isEmpty ? good.answer(request) : .wait(milliseconds: 500, good.answer(request).bytes)
        }
        #expect(codes == [.slow])
    }

    @Test("A clock that is off is told from another Token", arguments: [-3600, 3600] as [Int64])
    func clock(ahead: Int64) async throws {
        var off = try DoctorServer()
        off.ahead = ahead
        let server = off
        #expect(try await findings { server.answer($0) } == [.clockOff])
    }

    @Test("A clock that is off at a server which does not look at timestamps is a warning")
    func drift() async throws {
        let good = try DoctorServer()
        let codes = try await findings(messages: false) { request in
            let answer = good.answer(request)
            guard request.isVerification, answer.bytes.starts(with: "HTTP/1.1 200".utf8) else { return answer }
            return .send(
                Script.dated(Array(request.echostr.utf8), type: "text/plain", seconds: Accounts.time() - 7200))
        }
        #expect(codes == [.clockDrift])
    }
}
