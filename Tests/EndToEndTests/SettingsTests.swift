import TestSupport
import Testing

@Suite("Settings")
struct SettingsTests {
    /// About 2,000 bytes.
    private static let message = SampleMessage.text(String(repeating: "x", count: 1_800)).xml

    @Test(
        "a flag goes before the environment, and that before the configuration file",
        arguments: [
            (flag: nil, variable: nil, file: nil, status: 200),
            (flag: nil, variable: nil, file: 1000, status: 413),
            (flag: nil, variable: 1000, file: nil, status: 413),
            (flag: 1000, variable: nil, file: nil, status: 413),
            (flag: nil, variable: 5000, file: 1000, status: 200),
            (flag: 5000, variable: 1000, file: 1000, status: 200),
            (flag: 1000, variable: 5000, file: 5000, status: 413),
        ] as [(flag: Int?, variable: Int?, file: Int?, status: Int)])
    func precedence(flag: Int?, variable: Int?, file: Int?, status: Int) throws {
        let folder = try TemporaryFolder()
        var configuration = Account.configuration
        if let file { configuration += "\nserver:\n  max_body: \(file)\n" }
        var arguments = ["--config", try folder.write(configuration, to: "c.yaml")]
        if let flag { arguments += ["--max-body", "\(flag)"] }
        let server = try Server(
            in: folder, arguments, environment: variable.map { ["WECHAT_FCGI_MAX_BODY": "\($0)"] } ?? [:])
        let response = try server.answer(to: Account.plain.delivery(of: Self.message))
        #expect(response.status == status)
    }

    @Test("the age of a request can be anything when the limit is 0")
    func maxAge() throws {
        let folder = try TemporaryFolder()
        let request = Account.single.verification(echostr: "12345", flaws: .init(age: 1_000_000))
        #expect(try Server(in: folder).answer(to: request).status == 403)
        #expect(try Server(in: folder, socket: "t", ["--max-age", "0"]).answer(to: request).text == "12345")
    }

    @Test("with a configuration file, the process's own variables make no account")
    func fileAndEnvironment() throws {
        let folder = try TemporaryFolder()
        let server = try Server(in: folder, ["--config", folder.write(Account.configuration, to: "c.yaml")])
        #expect(try server.verify(.plain))
        #expect(try server.answer(to: Account.single.verification()).status == 404)
    }

    @Test("the request's variables replace the credentials of an account of the file, and make none beside it")
    func fileAndRequest() throws {
        let folder = try TemporaryFolder()
        let server = try Server(in: folder, ["--config", folder.write(Account.configuration, to: "c.yaml")])
        func answer(_ path: String) throws -> HTTPResponse {
            let request = Account(path: path, token: "OfTheRequest").verification(echostr: "12345")
            let variables = request.cgiVariables.merging(["WECHAT_TOKEN": "OfTheRequest"]) { $1 }
            return try FastCGIExchange.answer(variables: variables, body: [], from: server.endpoint)
        }
        #expect(try answer(Account.secure.path).text == "12345")
        #expect(try answer("/elsewhere").status == 404)
    }

    @Test("without any account there is none")
    func noAccount() throws {
        let folder = try TemporaryFolder()
        let server = try Server(in: folder, environment: [:])
        try expectRefusal(try server.answer(to: Account.single.verification()), status: 404)
    }

    @Test("credentials are all from where the Token is")
    func neverMixed() throws {
        let folder = try TemporaryFolder()
        // The process has a key, the request a Token: the account has no key and takes a plain message.
        let server = try Server(
            in: folder,
            environment: [
                "WECHAT_TOKEN": "OfTheProcess", "WECHAT_APP_ID": "wx1", "WECHAT_AES_KEY": Account.firstKey,
            ])
        let request = try Account.single.delivery(of: Self.message)
        let variables = request.cgiVariables.merging(["WECHAT_TOKEN": Account.single.token]) { $1 }
        let response = try FastCGIExchange.answer(
            variables: variables, body: request.bodyBytes, from: server.endpoint)
        #expect(response.status == 200)
    }

    @Test(
        "a configuration that cannot be is told of before anything is served, and no secret is shown",
        arguments: [
            "accounts:\n  - path: /wechat\n    token: Secret-With-Dashes\n",
            "accounts:\n  - path: /wechat\n    token: SecretToken\n    aes_key: SecretTooShort\n",
            "accounts:\n  - path: /wechat\n    token: SecretToken\n    encryption: sideways\n",
            "accounts: SecretNonsense\n",
            "accounts: [SecretNonsense",
        ])
    func wrongConfiguration(yaml: String) throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(yaml, to: "c.yaml")
        let outcome = try run(
            [Program.path, "serve", "--listen", "unix:\(folder("s"))", "--config", file],
            environment: programEnvironment(), within: 30)
        #expect(outcome.status != 0)
        #expect(!outcome.errors.isEmpty)
        #expect(!outcome.errorText.contains("Secret"))
    }

    @Test("the log has the account, the type and the id of a message, and nothing that is private")
    func log() throws {
        let folder = try TemporaryFolder()
        let configuration = try folder.write(Account.configuration, to: "c.yaml")
        let server = try Server(in: folder, ["--config", configuration, "--log-level", "trace"])
        let message = SampleMessage.text("a private matter").xml
        _ = try server.answer(to: Account.secure.delivery(of: message))
        _ = try server.answer(to: Account.plain.delivery(of: message))
        _ = try server.answer(to: Account.secure.plainDelivery(of: message))
        _ = try server.answer(to: Account.demo.delivery(of: message))
        let log = try text(ofFile: folder("log"))
        #expect(log.contains("safe"))
        #expect(log.contains("text"))
        #expect(log.contains("message="))
        for secret in [
            "private matter", "SecureToken", "PlainToken", "AnyToken123", Account.firstKey, Account.secondKey,
        ] {
            #expect(!log.contains(secret), "\(secret)")
        }
    }

    @Test("unless told otherwise it logs no line a request")
    func quiet() throws {
        let folder = try TemporaryFolder()
        let server = try Server(in: folder)
        for _ in 0..<5 { #expect(try server.answer(to: Account.single.delivery(of: Self.message)).status == 200) }
        #expect(try !text(ofFile: folder("log")).contains("message="))
    }
}
