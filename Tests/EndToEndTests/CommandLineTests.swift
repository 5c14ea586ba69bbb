import Glibc
import TestSupport
import Testing

@Suite("Command line: being started")
struct CommandLineTests {
    @Test(
        "started by hand with nothing to serve it says what it needs",
        arguments: [[], ["serve"], ["serve", "--listen"], ["serve", "--listen", "nonsense"], ["nonsense"]])
    func byHand(arguments: [String]) throws {
        let outcome = try run([Program.path] + arguments, environment: programEnvironment())
        #expect(outcome.status == 64)
        #expect(outcome.errorText.contains("--listen") || outcome.errorText.contains("serve"))
        #expect(outcome.output.isEmpty)
    }

    @Test("with a configuration file that does not say where to listen, that is what is missing")
    func nowhereInFile() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(Account.configuration, to: "live.yaml")
        let outcome = try run([Program.path, "serve", "--config", file], environment: programEnvironment())
        #expect(outcome.status == 64)
        #expect(outcome.errorText.hasPrefix("\(file) is fine, but nothing says where to listen: "))
        #expect(outcome.errorText.contains("--listen") && outcome.errorText.contains("server:"))
        #expect(outcome.errorText.split(separator: "\n").count == 1)
    }

    @Test(
        "what is no command is answered with the one that was meant",
        arguments: [
            (["live.yaml"], "--config live.yaml"), (["serve", "/etc/a.yml"], "--config /etc/a.yml"),
            (["serv"], "'serve'"), (["chek", "bot.yaml"], "'check'"), (["docter", "http://a.example"], "'doctor'"),
        ])
    func meant(arguments: [String], suggestion: String) throws {
        let outcome = try run([Program.path] + arguments, environment: programEnvironment())
        #expect(outcome.status == 64)
        #expect(outcome.errorText.contains("did you mean \(suggestion)?"), "\(outcome.errorText)")
    }

    @Test("the program has libfcgi, Expat and PCRE2 inside, and asks the machine for none of them")
    func librariesInside() throws {
        let outcome = try run([try path(ofProgram: "readelf"), "--wide", "--dynamic", Program.path])
        #expect(outcome.status == 0, "\(outcome.errorText)")
        let needed = outcome.text.split(separator: "\n").filter { $0.contains("(NEEDED)") }
        #expect(needed.contains { $0.contains("[libc.so") }, "\(outcome.text)")
        for library in ["libfcgi", "libexpat", "libpcre2"] {
            #expect(!needed.contains { $0.contains(library) }, "\(needed)")
        }
    }

    @Test("in a shell, three variables make a CGI call")
    func shellCall() throws {
        let request = Account.single.verification(echostr: "12345")
        let outcome = try run(
            [Program.path],
            environment: programEnvironment([
                "REQUEST_METHOD": "GET", "QUERY_STRING": request.query, "WECHAT_TOKEN": Account.single.token,
            ]))
        #expect(outcome.status == 0)
        #expect(try HTTPResponse(cgiOutput: outcome.output).text == "12345")
    }

    @Test("an answer over CGI begins with its status")
    func statusFirst() throws {
        let outcome = try run([Program.path], environment: programEnvironment(["REQUEST_METHOD": "GET"]))
        #expect(outcome.status == 0)
        #expect(outcome.text.hasPrefix("Status: 404"))
    }

    @Test(
        "a CGI call does nothing with arguments",
        arguments: ["GATEWAY_INTERFACE", "REQUEST_METHOD"])
    func ignoresArguments(variable: String) throws {
        let folder = try TemporaryFolder()
        let request = Account.single.verification(echostr: "12345")
        var variables = request.cgiVariables.merging(["WECHAT_TOKEN": Account.single.token]) { $1 }
        if variable == "REQUEST_METHOD" { variables["GATEWAY_INTERFACE"] = nil }
        for arguments in [
            ["serve", "--listen", "unix:\(folder("s"))"], ["--help"], ["--version"], ["send"], ["--", "-"],
        ] {
            let outcome = try run([Program.path] + arguments, environment: programEnvironment(variables))
            #expect(outcome.status == 0)
            #expect(try HTTPResponse(cgiOutput: outcome.output).text == "12345")
            #expect(access(folder("s"), F_OK) != 0)
        }
    }

    @Test("a query that Apache makes arguments of does nothing")
    func argumentsFromApache() async throws {
        let folder = try TemporaryFolder()
        chmod(folder.path, 0o777)
        let request = HTTPRequest("GET", "/wechat?serve+--listen+unix:\(folder("s"))")
        try expectRefusal(try await Front.apacheCGI.answer(to: request), status: 403)
        #expect(access(folder("s"), F_OK) != 0)
    }

    @Test("with a listening socket at descriptor 0, REQUEST_METHOD in the environment makes no CGI call of it")
    func socketWins() throws {
        let folder = try TemporaryFolder()
        let process = try ChildProcess(
            [Checkout.deploy("spawn-fcgi/wechat-fcgi"), "-n"],
            environment: programEnvironment([
                "REQUEST_METHOD": "GET", "WECHAT_TOKEN": Account.single.token, "WECHAT_SOCKET": folder("s"),
                "WECHAT_PROGRAM": Program.path,
            ]), log: folder("log"))
        try process.waitUntilAnswering(.unix(folder("s")))
        let request = Account.single.verification(echostr: "12345")
        let response = try FastCGIExchange.answer(
            variables: request.cgiVariables, body: [], from: .unix(folder("s")))
        #expect(response.text == "12345")
    }

    @Test("several processes under spawn-fcgi share a socket, and their ids are in the file")
    func severalProcesses() throws {
        let spawned = try SpawnedProcesses(2)
        #expect(spawned.pids.count == 2)
        for number in 0..<20 {
            let request = Account.single.verification(echostr: "\(number)")
            let response = try FastCGIExchange.answer(
                variables: request.cgiVariables, body: [], from: spawned.endpoint)
            #expect(response.text == "\(number)")
        }
    }

    @Test("told to stop on a socket it inherited, with nothing in hand, it does not wait for its deadline")
    func stopsOnInheritedSocket() throws {
        let folder = try TemporaryFolder()
        let endpoint = Endpoint.unix(folder("s"))
        let process = try ChildProcess(
            [Checkout.deploy("spawn-fcgi/wechat-fcgi"), "-n"],
            environment: programEnvironment([
                "WECHAT_TOKEN": Account.single.token, "WECHAT_SOCKET": folder("s"), "WECHAT_PROGRAM": Program.path,
                "WECHAT_FCGI_STOP_TIMEOUT": "3600",
            ]), log: folder("log"))
        try process.waitUntilAnswering(endpoint)
        let request = Account.single.verification(echostr: "12345")
        let response = try FastCGIExchange.answer(variables: request.cgiVariables, body: [], from: endpoint)
        #expect(response.text == "12345")
        process.signal(SIGTERM)
        #expect(process.waitForExit(within: 60) == 0)
    }

    @Test("told to stop, it ends with 0")
    func stops() throws {
        let folder = try TemporaryFolder()
        let server = try Server(in: folder)
        _ = try server.verify(.single)
        server.process.signal(SIGTERM)
        #expect(server.process.waitForExit(within: 30) == 0)
    }
}

/// `wechat-fcgi serve` on a Unix socket, for the account that the process's own environment names.
struct Server {
    let process: ChildProcess
    let endpoint: Endpoint

    init(
        in folder: TemporaryFolder, socket: String = "s", _ arguments: [String] = [],
        environment: [String: String] = ["WECHAT_TOKEN": Account.single.token]
    ) throws {
        endpoint = .unix(folder(socket))
        process = try ChildProcess(
            [Program.path, "serve", "--listen", "\(endpoint)"] + arguments,
            environment: programEnvironment(environment), log: folder("log"))
        try process.waitUntilAnswering(endpoint)
    }

    /// Starts it for the account of the examples, with an address as somebody may write it.
    init(in folder: TemporaryFolder, listeningOn address: String, at endpoint: Endpoint) throws {
        self.endpoint = endpoint
        process = try ChildProcess(
            [Program.path, "serve", "--listen", address],
            environment: programEnvironment(["WECHAT_TOKEN": Account.example.token]), log: folder("log"))
        try process.waitUntilAnswering(endpoint)
    }

    /// Sends a request to the socket.
    func answer(to request: HTTPRequest) throws -> HTTPResponse {
        try FastCGIExchange.answer(variables: request.cgiVariables, body: request.bodyBytes, from: endpoint)
    }

    /// Whether a URL verification succeeds.
    func verify(_ account: Account) throws -> Bool {
        try answer(to: account.verification(echostr: "12345")).text == "12345"
    }
}
