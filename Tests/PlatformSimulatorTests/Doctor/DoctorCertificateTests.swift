import OfficialAccount
import TestSupport
import Testing

@testable import PlatformSimulator

@Suite("What the doctor finds about a certificate", .serialized)
struct DoctorCertificateTests {
    /// What is found about an nginx with a certificate of a test's.
    private func codes(
        _ certificate: Certificate, host: String = "localhost", trusts: Bool = true, inDays days: Int64 = 0
    ) async throws -> [FindingCode] {
        let server = try certificate.serve()
        let address = try #require(WebAddress("https://\(host):\(server.port)/wechat"))
        var probe = TLSProbe(
            address: address, patience: .seconds(20), trusting: trusts ? certificate.authority : nil)
        probe.now += days * 86_400
        let step = await probe.step()
        withExtendedLifetime(server.nginx) {}
        return step.findings.map(\.code)
    }

    @Test("Nothing about a good one")
    func good() async throws {
        #expect(try await codes(Certificate(days: 365)) == [])
        #expect(try await codes(Certificate(days: 365), host: "127.0.0.1") == [])
    }

    @Test("One that ends soon")
    func endsSoon() async throws {
        #expect(try await codes(Certificate(days: 10)) == [.tlsExpiresSoon])
    }

    @Test("One that has ended")
    func expired() async throws {
        #expect(try await codes(Certificate(days: -1)) == [.tlsExpired])
    }

    @Test("One that nobody issued who is trusted")
    func untrusted() async throws {
        #expect(try await codes(Certificate(days: 365), trusts: false) == [.tlsUntrusted])
    }

    @Test("One for another name")
    func wrongHost() async throws {
        #expect(try await codes(Certificate(days: 365, names: "DNS:other.example")) == [.tlsWrongHost])
    }

    @Test("A port that does not speak TLS")
    func noTLS() async throws {
        let server = try ScriptedServer { _ in .answer("hello") }
        let url = server.url.replacing("http://", with: "https://")
        var doctor = Doctor(.http(url), credentials: try Accounts.credentials(.plain))
        doctor.rule.patience = .seconds(1)
        let examination = await doctor.examine()
        #expect(examination.findings.map(\.code) == [.localAddress, .tlsHandshake])
        #expect(examination.steps.last?.probe == .tls)
    }

    @Test("What is sent to a server whose certificate is not accepted is nothing")
    func nothingSent() async throws {
        let certificate = try Certificate(days: 365)
        let server = try certificate.serve()
        let doctor = Doctor(
            .http("https://localhost:\(server.port)/wechat"), credentials: try Accounts.credentials(.plain))
        let examination = await doctor.examine()
        withExtendedLifetime(server.nginx) {}
        #expect(examination.findings.map(\.code) == [.localAddress, .tlsUntrusted])
        #expect(examination.steps.last?.probe == .tls)
    }
}

/// A certificate made for a test, issued by an authority made for it.
struct Certificate {
    private let folder: TemporaryFolder
    /// The authority's own certificate, to trust.
    var authority: String { folder("ca.pem") }

    /// - Parameters:
    ///   - days: When it ends; below zero it has ended.
    ///   - names: What it is for, as openssl writes that.
    init(days: Int, names: String = "DNS:localhost,IP:127.0.0.1") throws {
        folder = try TemporaryFolder()
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        try openssl(
            ["req", "-x509"] + key + [
                "-keyout", folder("ca.key"), "-out", authority, "-days", "3650", "-subj", "/CN=Test authority",
                "-addext", "basicConstraints=critical,CA:TRUE",
            ])
        try openssl(
            ["req"] + key + ["-keyout", folder("key.pem"), "-out", folder("request.pem"), "-subj", "/CN=test"])
        try folder.write("subjectAltName=\(names)\n", to: "names")
        try folder.write("", to: "index")
        try folder.write(
            """
            [ca]
            default_ca = d
            [d]
            database = \(folder("index"))
            new_certs_dir = \(folder.path)
            default_md = sha256
            policy = p
            rand_serial = yes
            unique_subject = no
            [p]
            commonName = supplied

            """, to: "ca.conf")
        let end = Accounts.stamp(Accounts.time() + Int64(days) * 86_400)
        try openssl([
            "ca", "-batch", "-config", folder("ca.conf"), "-cert", authority, "-keyfile", folder("ca.key"), "-in",
            folder("request.pem"), "-out", folder("cert.pem"), "-notext", "-extfile", folder("names"), "-startdate",
            Accounts.stamp(Accounts.time() - 30 * 86_400), "-enddate", end,
        ])
    }

    /// Starts an nginx that shows it.
    func serve() throws -> (nginx: Nginx, port: UInt16) {
        let port = try Endpoint.freePort()
        let nginx = try Nginx(
            in: TemporaryFolder(), processes: 1, http: "",
            server: """
                listen 127.0.0.1:\(port) ssl;
                ssl_certificate \(folder("cert.pem"));
                ssl_certificate_key \(folder("key.pem"));
                location / { return 200 "hello"; }
                """)
        return (nginx, port)
    }

    private func openssl(_ arguments: [String]) throws {
        let outcome = try run([try path(ofProgram: "openssl")] + arguments)
        guard outcome.status == 0 else { throw TestError(outcome.errorText) }
    }
}
