import FastCGI
import OfficialAccount
import TestSupport
import Testing

@testable import PlatformSimulator

@Suite("What the doctor finds about the way to a server")
struct DoctorConnectionTests {
    private func examine(_ url: String) async throws -> Examination {
        var doctor = Doctor(.http(url), credentials: try Accounts.credentials(.plain))
        doctor.rule = DeliveryRule(patience: .seconds(10), deliveries: 1)
        return await doctor.examine()
    }

    @Test("A name that does not exist, or cannot be looked up")
    func name() async throws {
        let codes = try await examine("http://no-such-name.invalid/wechat").findings.map(\.code)
        // Without a name server nobody can say that it does not exist.
        #expect(codes == [.dnsNotFound] || codes == [.dnsFailed])
    }

    @Test("A port at which nothing listens")
    func refused() async throws {
        let port = try Endpoint.freePort()
        let examination = try await examine("http://127.0.0.1:\(port)/wechat")
        #expect(examination.findings.map(\.code) == [.localAddress, .connectionRefused])
        #expect(!examination.isWell)
    }

    @Test("A FastCGI socket at which nothing listens")
    func noSocket() async throws {
        let doctor = Doctor(
            .fastCGI(.unix("/nowhere/s")), credentials: try Accounts.credentials(.plain))
        #expect(await doctor.examine().findings.map(\.code) == [.connectionFailed])
    }

    static let urls: [(url: String, codes: [FindingCode])] = [
        ("http://example.com/wechat", []), ("https://example.com/wechat", []), ("https://example.com:443/", []),
        ("http://example.com:8080/wechat", [.urlPort]), ("https://example.com:80/wechat", [.urlPort]),
        ("http://203.0.113.9:8080/wechat", [.urlPort]), ("http://127.0.0.1:8080/wechat", []),
        ("http://localhost:8080/wechat", []), ("http://[::1]:8080/wechat", []), ("http://10.0.0.1:8080/", []),
        ("http://me@example.com/wechat", [.urlForm]), ("http://example.com/wechat#a", [.urlForm]),
        ("http://example.com/微信", [.urlForm]), ("http://example.com/we chat", [.urlForm]),
    ]

    @Test("What the platform's settings page would not take is named", arguments: urls.indices)
    func url(index: Int) throws {
        let (url, codes) = Self.urls[index]
        let address = try #require(WebAddress(url))
        #expect(address.findings.map(\.code) == codes)
    }

    @Test(
        "What is no URL is none",
        arguments: ["", "example.com", "ftp://a", "http://", "http://:80/", "http://a:b/", "http://a:70000/"])
    func noURL(text: String) {
        #expect(WebAddress(text) == nil)
        #expect(throws: TargetAddressError.self) { try TargetAddress(parsing: text) }
    }

    @Test("Targets are read as they are written")
    func targets() throws {
        #expect(try TargetAddress(parsing: "https://a/b") == .http("https://a/b"))
        #expect(try TargetAddress(parsing: "fastcgi:unix:/run/s") == .fastCGI(.unix("/run/s")))
        #expect(try TargetAddress(parsing: "fastcgi:/run/s") == .fastCGI(.unix("/run/s")))
        #expect(
            try TargetAddress(parsing: "fastcgi:127.0.0.1:9000") == .fastCGI(.tcp(host: "127.0.0.1", port: 9000)))
        #expect(
            try TargetAddress(parsing: "fastcgi://127.0.0.1:9000") == .fastCGI(.tcp(host: "127.0.0.1", port: 9000)))
        #expect(try TargetAddress(parsing: "cgi:./program") == .cgi("./program"))
        for text in ["cgi:", "fastcgi:", "fastcgi:nowhere", "/run/s"] {
            #expect(throws: TargetAddressError.self) { try TargetAddress(parsing: text) }
        }
    }

    @Test(
        "What is left out of an address is guessed",
        arguments: [
            ("www.example.com/wechat", "did you mean http://www.example.com/wechat? "),
            ("127.0.0.1:18080/wechat", "did you mean http://127.0.0.1:18080/wechat? "),
            ("localhost/wechat", "did you mean http://localhost/wechat? "),
            ("127.0.0.1:9000", "did you mean http://127.0.0.1:9000, or fastcgi:127.0.0.1:9000? "),
            ("unix:/run/s", "did you mean fastcgi:unix:/run/s? "),
            ("/run/s", "did you mean fastcgi:unix:/run/s, or cgi:/run/s? "), ("nowhere", ""), ("cgi:", ""),
            ("ftp://example.com/", ""), ("http://a:b/", ""),
        ])
    func guess(text: String, guess: String) {
        let error = #expect(throws: TargetAddressError.self) { try TargetAddress(parsing: text) }
        #expect(error?.description == guess + "expected " + (TargetAddressError().description.dropFirst(9)))
    }

    @Test(
        "Addresses of private networks are told from others",
        arguments: [
            ("127.0.0.1", true), ("10.1.2.3", true), ("172.16.0.1", true), ("172.32.0.1", false),
            ("192.168.1.1", true), ("100.64.0.1", true), ("8.8.8.8", false), ("::1", true), ("fe80::1", true),
            ("fd00::1", true), ("2001:db8::1", false), ("::ffff:10.0.0.1", true), ("::ffff:8.8.8.8", false),
        ])
    func scope(text: String, isPrivate: Bool) {
        #expect(AddressScope(text)?.isPrivate == isPrivate)
    }

    @Test("A Date is read as it is sent")
    func date() {
        #expect(HTTPDate.seconds("Sun, 06 Nov 1994 08:49:37 GMT") == 784_111_777)
        #expect(HTTPDate.seconds("Thu, 29 Feb 2024 00:00:00 GMT") == 1_709_164_800)
        #expect(HTTPDate.seconds("Thu, 01 Jan 1970 00:00:00 GMT") == 0)
        for text in ["", "yesterday", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT"] {
            #expect(HTTPDate.seconds(text) == nil)
        }
    }
}
