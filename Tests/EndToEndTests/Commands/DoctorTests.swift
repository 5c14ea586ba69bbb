import Glibc
import TestSupport
import Testing

@Suite("wechat-fcgi doctor")
struct DoctorTests {
    static let token = ["WECHAT_TOKEN": Account.single.token]
    static let secret = "0123456789abcdef0123456789abcdef"

    /// The program behind an nginx with a location of a test's own.
    private func nginx(
        before server: Server, _ location: String
    ) throws -> Nginx {
        if case .unix(let path) = server.endpoint { chmod(path, 0o666) }
        return try Nginx(
            in: TemporaryFolder(), processes: 1, http: "",
            server: location.replacing("SOCKET", with: "\(server.endpoint)"))
    }

    @Test(
        "finds nothing about the program behind nginx, in each mode", arguments: [Account.plain, .compatible, .secure])
    func good(account: Account) throws {
        let folder = try TemporaryFolder()
        let front = try NginxFront(.file, backend: .unixSocket)
        let file = try folder.write(Account.configuration, to: "c.yaml")
        let outcome = try command(["doctor", front.url(account), "--config", file])
        #expect(outcome.status == 0, "\(outcome.text)\(outcome.errorText)")
        #expect(outcome.text.contains("✓ verification: ") && outcome.text.contains("✓ message: "))
        #expect(outcome.text.contains("All well."))
        #expect(!outcome.text.contains("✗") && !outcome.text.contains("\u{1B}"))
        #expect(try command(["doctor", front.url(account), "--config", file, "--json"]).codes == [])
    }

    /// Root, in a container that may mount, can have one program trust another certificate than the system does.
    static let mayMount = (try? run(["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]).status) == 0

    @Test("finds nothing about the program behind an nginx that speaks TLS", .enabled(if: mayMount))
    func secureTransport() throws {
        let folder = try TemporaryFolder()
        let made = try run([
            try path(ofProgram: "openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "365", "-subj",
            "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", folder("key.pem"), "-out",
            folder("certificate.pem"),
        ])
        #expect(made.status == 0, "\(made.errorText)")
        let server = try Server(in: folder)
        let port = try Endpoint.freePort()
        let nginx = try nginx(
            before: server,
            """
            listen 127.0.0.1:\(port) ssl;
            ssl_certificate \(folder("certificate.pem")); ssl_certificate_key \(folder("key.pem"));
            location = /wechat { include fastcgi_params; fastcgi_pass SOCKET; }
            """)
        let doctor = [Program.path, "doctor", "https://localhost:\(port)/wechat"]
        let environment = programEnvironment(Self.token)
        let trusting = [
            "unshare", "--mount", "sh", "-c",
            "mount --bind \"$0\" /etc/ssl/certs/ca-certificates.crt && exec \"$@\"", folder("certificate.pem"),
        ]
        let good = try whenNotSlow { try run(trusting + doctor, environment: environment) }
        #expect(good.status == 0, "\(good.text)\(good.errorText)\(nginx.log)")
        #expect(good.text.contains("the certificate is accepted") && good.text.contains("✓ message: "))
        #expect(try whenNotSlow { try run(trusting + doctor + ["--json"], environment: environment) }.codes == [])
        // Without it the same certificate is nobody's.
        #expect(try run(doctor + ["--json"], environment: environment).codes == ["tls-untrusted"])
    }

    @Test("finds another Token, and says what to change")
    func token() throws {
        let front = try NginxFront(.variables, backend: .unixSocket)
        let variables = ["WECHAT_TOKEN": "AnotherToken"]
        let outcome = try command(["doctor", front.url(.single)], variables)
        #expect(outcome.status == 1)
        #expect(outcome.text.contains("What to change:\n"))
        #expect(outcome.text.contains("token-mismatch: ") && outcome.text.contains("\n  → use the Token"))
        #expect(!outcome.text.contains("AnotherToken"))
        #expect(try command(["doctor", front.url(.single), "--json"], variables).codes == ["token-mismatch"])
    }

    @Test("tells a proxy that drops the query from another Token")
    func query() throws {
        let folder = try TemporaryFolder()
        let server = try Server(in: folder)
        let params = "fastcgi_param REQUEST_METHOD $request_method; fastcgi_param CONTENT_LENGTH $content_length;"
        let locations = [
            // Without the line for QUERY_STRING.
            "location = /wechat { \(params) fastcgi_pass SOCKET; }",
            // A rewrite that ends with a question mark.
            "location = /wechat { rewrite ^ /bot? last; } location = /bot { include fastcgi_params; fastcgi_pass SOCKET; }",
        ]
        for location in locations {
            let nginx = try nginx(before: server, location)
            let outcome = try command(["doctor", "http://127.0.0.1:\(nginx.port)/wechat", "--json"], Self.token)
            #expect(try outcome.codes == ["query-dropped"], "\(outcome.text)")
            #expect(outcome.status == 1)
        }
    }

    @Test("finds a wrong path, a page, a redirect, a password and a program that is not running")
    func webServer() throws {
        let folder = try TemporaryFolder()
        let server = try Server(in: folder)
        let cases = [
            ("location = /other { include fastcgi_params; fastcgi_pass SOCKET; }", "wrong-path"),
            ("location / { return 200 '<html>Welcome</html>'; }", "web-page"),
            ("location / { return 301 https://example.com$request_uri; }", "redirect"),
            ("location / { deny all; }", "forbidden"),
            ("auth_basic a; auth_basic_user_file /dev/null; location / { }", "login-needed"),
            ("location / { include fastcgi_params; fastcgi_pass unix:/nowhere; }", "gateway"),
            ("location / { return 405; }", "method-refused"),
        ]
        for (location, code) in cases {
            let nginx = try nginx(before: server, location)
            let outcome = try command(["doctor", "http://127.0.0.1:\(nginx.port)/wechat", "--json"], Self.token)
            #expect(try outcome.codes == [code], "\(outcome.text)")
        }
        // The program is there, and has no account at the path.
        let file = try TemporaryFolder()
        let other = try Server(in: file, ["--config", file.write(Account.configuration, to: "c.yaml")])
        let outcome = try command(["doctor", "fastcgi:\(other.endpoint)", "--json"], Self.token)
        #expect(try outcome.codes == ["wrong-path"])
    }

    @Test("finds an AppID, a key and a mode that are others than the program's")
    func encryption() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(Account.configuration, to: "c.yaml")
        let server = try Server(in: folder, ["--config", file])
        let right = [
            "WECHAT_TOKEN": Account.secure.token, "WECHAT_APP_ID": Account.secure.appID,
            "WECHAT_AES_KEY": Account.firstKey,
        ]
        let cases: [(variables: [String: String], account: Account, codes: [String])] = [
            ([:], .secure, []),
            (["WECHAT_APP_ID": "wxanother"], .secure, ["encrypted-message-refused"]),
            (["WECHAT_AES_KEY": Account.secondKey], .secure, ["encrypted-message-refused"]),
            (["WECHAT_ENCRYPTION": "plain"], .secure, ["message-refused"]),
            (["WECHAT_TOKEN": Account.plain.token], .plain, ["mode-mismatch"]),
            (["WECHAT_AES_KEY": "tooShort"], .secure, ["aes-key-length"]),
        ]
        for (variables, account, codes) in cases {
            let outcome = try command(
                ["doctor", "fastcgi:\(server.endpoint)", "--path", account.path, "--json"],
                right.merging(variables) { $1 })
            #expect(try outcome.codes == codes, "\(outcome.text)")
            #expect(outcome.status == (codes.isEmpty ? 0 : 1))
        }
    }

    @Test("finds a key of the wrong length at the program's side")
    func keyLengthThere() throws {
        let folder = try TemporaryFolder()
        let server = try Server(in: folder, environment: [:])
        let nginx = try nginx(
            before: server,
            """
            location / { include fastcgi_params; fastcgi_param WECHAT_TOKEN YourToken;
            fastcgi_param WECHAT_APP_ID wx0123456789abcdef; fastcgi_param WECHAT_AES_KEY tooShort;
            fastcgi_pass SOCKET; }
            """)
        let outcome = try command(["doctor", "http://127.0.0.1:\(nginx.port)/wechat", "--json"], Self.token)
        #expect(try outcome.codes == ["server-misconfigured"], "\(outcome.text)")
    }

    @Test(
        "finds what the platform's interface refuses",
        arguments: [
            (40125, "secret-refused"), (40001, "secret-refused"), (40164, "address-refused"),
            (40013, "app-id-refused"), (48001, "interface-refused"), (0, ""),
        ])
    func interface(errcode: Int, code: String) throws {
        let token = "{\"access_token\":\"\(String(repeating: "a", count: 64))\",\"expires_in\":7200}"
        let refusal = "{\"errcode\":\(errcode),\"errmsg\":\"invalid ip 203.0.113.7, not in whitelist rid: 5f1b0000-1\"}"
        let folder = try TemporaryFolder()
        let server = try Server(in: folder)
        let api = try nginx(
            before: server,
            """
            default_type application/json;
            location = /cgi-bin/stable_token { return 200 '\(errcode == 0 ? token : refusal)'; }
            location = /cgi-bin/getcallbackip { return 200 '{"ip_list":["203.0.113.1"]}'; }
            """)
        let arguments = ["doctor", "fastcgi:\(server.endpoint)", "--api-base", "http://127.0.0.1:\(api.port)"]
        let account = ["WECHAT_APP_ID": Account.single.appID, "WECHAT_APP_SECRET": Self.secret]
        let outcome = try command(arguments + ["--json"], Self.token.merging(account) { $1 })
        #expect(try outcome.codes == (code.isEmpty ? [] : [code]), "\(outcome.text)")
        #expect(!outcome.text.contains(Self.secret) && !outcome.errorText.contains(Self.secret))
        #expect(outcome.text.contains("203.0.113.7") == (errcode == 40164))
        #expect(outcome.status == (errcode == 0 ? 0 : 1))
        let without = try command(arguments, Self.token)
        #expect(without.status == 0 && !without.text.contains("interface"))
    }

    @Test("finds that nothing listens, and that a name leads nowhere")
    func unreachable() throws {
        let port = try Endpoint.freePort()
        let refused = try command(["doctor", "http://127.0.0.1:\(port)/wechat", "--json"], Self.token)
        #expect(try refused.codes == ["connection-refused"])
        let lost = try command(["doctor", "http://no-such-name.invalid/wechat", "--json"], Self.token)
        #expect(try lost.codes == ["dns-not-found"] || lost.codes == ["dns-failed"])
    }

    @Test("finds a slow program and one whose reply is none")
    func programs() throws {
        let head = "printf 'Content-Type: text/plain\\n\\n'"
        let echo = "\(head); printf '%s' \"${QUERY_STRING##*echostr=}\""
        let cases = [
            ("case $REQUEST_METHOD in GET) \(echo);; *) exec sleep 10;; esac", ["forged-accepted", "too-slow"]),
            ("case $REQUEST_METHOD in GET) \(echo);; *) \(head); echo '{}';; esac", ["forged-accepted", "reply-json"]),
        ]
        for (script, codes) in cases {
            let program = try ScriptedProgram(script)
            let outcome = try command(["doctor", program.target, "--timeout", "5", "--json"], Self.token)
            #expect(try outcome.codes == codes, "\(outcome.text)")
        }
    }

    @Test("sends no message where none is wanted")
    func noMessage() throws {
        let program = try ScriptedProgram(
            "[ $REQUEST_METHOD = GET ] || touch \"$0.posted\"\nprintf 'Content-Type: text/plain\\n\\n%s' "
                + "\"${QUERY_STRING##*echostr=}\"")
        _ = try command(["doctor", program.target, "--no-message"], Self.token)
        #expect(access(String(program.target.dropFirst(4)) + ".posted", F_OK) != 0)
    }

    @Test(
        "wrong use ends with 64", arguments: [["doctor", "nowhere"], ["doctor"], ["verify", "nowhere"], ["verify"]])
    func misuse(arguments: [String]) throws {
        let outcome = try command(arguments, Self.token)
        #expect(outcome.status == 64)
        #expect(outcome.errorText.contains("fastcgi:unix:/path/to/socket"))
    }

    @Test("its help says what it sends, and that secrets are better off in the environment")
    func help() throws {
        let text = try command(["doctor", "--help"]).text.split { $0.isWhitespace }.joined(separator: " ")
        for words in ["--no-message leaves all messages out", "WECHAT_TOKEN or --config is better"] {
            #expect(text.contains(words), "\(text)")
        }
    }
}
