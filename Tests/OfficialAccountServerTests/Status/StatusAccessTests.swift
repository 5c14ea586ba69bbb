import FastCGI
import OfficialAccount
import TestSupport
import Testing

@testable import OfficialAccountServer

@Suite("Who sees the status")
struct StatusAccessTests {
    @Test(
        "clients of the same machine see it",
        arguments: ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "0:0:0:0:0:0:0:1", "unix:"])
    func local(address: String) async throws {
        #expect(try await StatusBench().status(from: address).status == 200)
    }

    @Test(
        "others are refused, and hear what everyone hears who is refused",
        arguments: [
            "192.0.2.1", "10.0.0.1", "::2", "::ffff:192.0.2.1", "fe80::1", "", "unix", "unix:x",
            "127.0.0.1.example.org",
            "127.0.0.1, 192.0.2.1", "0.0.0.0", "::", "localhost", "0x7f000001", "127.1",
        ])
    func others(address: String) async throws {
        let response = try await StatusBench().status(from: address)
        #expect(response.status == 403)
        #expect(response.text == "refused\n")
    }

    @Test("a web server that does not say who asks is not believed")
    func noAddress() async throws {
        #expect(try await StatusBench().status(from: nil).status == 403)
    }

    @Test(
        "what a client says of its own address counts for nothing",
        arguments: ["HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_REMOTE_ADDR", "HTTP_CLIENT_IP"])
    func forwarded(name: String) async throws {
        let bench = try StatusBench(allow: "10.0.0.0/8")
        var request = Request.test("GET", "/wechat-status")
        request.parameters.append(name: "REMOTE_ADDR", value: "192.0.2.1")
        for value in ["127.0.0.1", "10.0.0.1"] { request.parameters.append(name: name, value: value) }
        #expect(await bench.exchange.respond(to: request).status == 403)
    }

    private static let allowedCases: [(String, String, Bool)] = [
        ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.8", false),
        ("192.0.2.0/28", "192.0.2.15", true), ("192.0.2.0/28", "192.0.2.16", false),
        ("10.0.0.0/8, 172.16.0.0/12", "172.31.255.255", true), ("172.16.0.0/12", "172.32.0.0", false),
        ("2001:db8::/33", "2001:db8:7fff::1", true), ("2001:db8::/33", "2001:db8:8000::1", false),
        ("0.0.0.0/0", "203.0.113.9", true), ("0.0.0.0/0", "2001:db8::1", false),
        ("::/0", "203.0.113.9", true), ("10.0.0.1", "::ffff:10.0.0.1", true), ("::ffff:10.0.0.1", "10.0.0.1", true),
    ]

    @Test("networks that the owner names see it too", arguments: allowedCases)
    func allowed(networks: String, address: String, isAllowed: Bool) async throws {
        let bench = try StatusBench(allow: networks)
        #expect(await bench.status(from: address).status == (isAllowed ? 200 : 403))
    }

    @Test(
        "what is no network is not accepted",
        arguments: [
            "", ",", "10.0.0.0/33", "10.0.0.1/8", "::/129", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/٣", "localhost",
            "10.0.0",
            "10.0.0.1;10.0.0.2", "all",
        ])
    func wrongNetworks(text: String) {
        #expect(SettingValue(.statusAllow, text).mistake != nil)
    }

    @Test(
        "what is no path for a status is not accepted",
        arguments: ["", "/", "status", "/{token}", "/a?b", "/a/../b", "/a/", "//", "/%41"])
    func wrongPaths(text: String) {
        #expect(SettingValue(.status, text).mistake != nil)
    }

    @Test("only GET is answered there", arguments: ["POST", "HEAD", "PUT", "OPTIONS", "get"])
    func methods(method: String) async throws {
        let bench = try StatusBench()
        #expect(await bench.status("", from: "127.0.0.1", method).status == 405)
        #expect(await bench.status().status == 200)
    }

    @Test(
        "the path is compared as accounts' are: decoded, and whole",
        arguments: [
            ("/wechat-status", 200), ("/wechat%2Dstatus", 200), ("/wechat-status/", 403), ("/wechat-statuses", 403),
            ("/WeChat-status", 403), ("/wechat-status/x", 403), ("//wechat-status", 403),
        ])
    func paths(path: String, status: Int) async throws {
        var request = Request.test("GET", path)
        request.parameters.append(name: "REMOTE_ADDR", value: "127.0.0.1")
        let bench = try StatusBench()
        #expect(await bench.exchange.respond(to: request).status == status)
    }

    @Test("where it is off there is nothing at its path")
    func off() async throws {
        let account = try Account(
            path: PathPattern(parsing: "/wechat"), credentials: Credentials(token: Token(parsing: "hello")))
        let bench = Bench(try Accounts([account]))
        var request = Request.test("GET", "/wechat-status")
        request.parameters.append(name: "REMOTE_ADDR", value: "127.0.0.1")
        #expect(await bench.respond(request).status == 404)
        #expect(try StatusService(ServerSettings(), version: "", hasStore: false) == nil)
    }

    @Test(
        "the answer is kept nowhere, framed by nobody, and taken for nothing else",
        arguments: [
            ("", "text/plain; charset=utf-8"), ("json", "application/json"), ("html", "text/html; charset=utf-8"),
            ("css", "text/css; charset=utf-8"), ("js", "text/javascript; charset=utf-8"),
            ("prometheus", "text/plain; version=0.0.4; charset=utf-8"), ("unknown", "text/plain; charset=utf-8"),
        ])
    func headers(query: String, type: String) async throws {
        let response = try await StatusBench().status(query)
        let headers = Dictionary(uniqueKeysWithValues: response.headers.map { ($0.name, $0.value) })
        #expect(response.contentType == type)
        #expect(headers["Cache-Control"] == "no-store")
        #expect(headers["X-Content-Type-Options"] == "nosniff")
        #expect(
            headers["Content-Security-Policy"]?.hasPrefix("default-src 'none'; style-src 'self'; script-src 'self'")
                == true)
        #expect(headers["Content-Security-Policy"]?.contains("frame-ancestors 'none'") == true)
    }

    @Test(
        "the page in the program is the one that stands in its folder",
        arguments: [
            ("html", "status.html"), ("css", "status.css"), ("js", "status.js"),
        ])
    func page(query: String, file: String) async throws {
        let folder = #filePath.replacing(
            "Tests/OfficialAccountServerTests/Status/StatusAccessTests.swift",
            with: "Sources/OfficialAccountServer/Status/Page/")
        #expect(try await StatusBench().status(query).text == text(ofFile: folder + file))
    }
}
