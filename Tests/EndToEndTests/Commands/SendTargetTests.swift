import Foundation
import TestSupport
import Testing

@Suite("wechat-fcgi send, to a socket and to a program")
struct SendTargetTests {
    static let token = ["WECHAT_TOKEN": Account.single.token]

    // MARK: A socket

    /// Runs a command as a user who is not root, to whom permissions mean nothing.
    private func commandOfNobody(_ arguments: [String]) throws -> Outcome {
        let user = geteuid() == 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []
        return try run(user + [Program.path] + arguments, environment: programEnvironment(Self.token))
    }

    @Test("a socket that this user may not use is said to be one, and who may")
    func permission() throws {
        let folder = try TemporaryFolder()
        let server = try Server(in: folder)
        guard case .unix(let path) = server.endpoint else { throw TestError("no socket") }
        chmod(path, geteuid() == 0 ? 0o660 : 0)
        for arguments in [
            ["send", "text", "a", "--to", "fastcgi:unix:\(path)"], ["doctor", "fastcgi:unix:\(path)"],
            ["verify", "fastcgi:unix:\(path)"],
        ] {
            let outcome = try commandOfNobody(arguments)
            #expect(outcome.status == 1, "\(outcome.text)\(outcome.errorText)")
            #expect(outcome.text.contains("this user may not connect to unix:\(path)"), "\(outcome.text)")
            #expect(outcome.text.contains("→ run this as root or as a user of the socket's group"), "\(outcome.text)")
            #expect(!outcome.text.contains("nothing accepts connections"))
        }
    }

    @Test("a socket that is not there, and one at which nobody listens any more, are told apart")
    func noSocket() throws {
        let folder = try TemporaryFolder()
        let absent = try command(["send", "text", "a", "--to", "fastcgi:unix:\(folder("none"))"], Self.token)
        #expect(absent.text.contains("there is no socket unix:\(folder("none"))"), "\(absent.text)")
        #expect(absent.text.contains("→ start the program, and compare the path"), "\(absent.text)")
        close(try Endpoint.unix(folder("left")).listen())
        let left = try command(["send", "text", "a", "--to", "fastcgi:unix:\(folder("left"))"], Self.token)
        #expect(left.text.contains("nothing listens at unix:\(folder("left"))"), "\(left.text)")
    }

    // MARK: A program

    @Test("a program that is not there, or is none, is said to be so")
    func noProgram() throws {
        let folder = try TemporaryFolder()
        let absent = try command(["send", "text", "a", "--to", "cgi:\(folder("none"))"], Self.token)
        #expect(absent.text.contains("→ check the path behind cgi:"), "\(absent.text)")
        let file = try folder.write("not a program", to: "file")
        let none = try command(["send", "text", "a", "--to", "cgi:\(file)"], Self.token)
        #expect(none.text.contains("→ make it executable (chmod +x)"), "\(none.text)")
        #expect(!none.text.contains("the port and the network"))
    }

    @Test("a program that is not done in time is left to finish, as a web server leaves it")
    func leftRunning() throws {
        let folder = try TemporaryFolder()
        let program = try ScriptedProgram("sleep 2; echo done > '\(folder("done"))'")
        let outcome = try command(
            ["send", "text", "a", "--to", program.target, "--timeout", "0.3", "--deliveries", "1"], Self.token)
        #expect(outcome.status == 1)
        #expect(try text(ofFile: folder("done")) == "done\n")
    }

    @Test("a program gets the configuration file of --config, and what the file names")
    func configuration() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            """
            accounts:
              - path: /shop
                token: ${SHOP_TOKEN}
                rules: [{ text: hi, reply: from the file }]
            """, to: "c.yaml")
        let outcome = try command(
            ["send", "text", "hi", "--to", "cgi:\(Program.path)", "--path", "/shop", "--config", file],
            // The account is in the file: this one is another's.
            ["SHOP_TOKEN": "ShopToken", "WECHAT_TOKEN": "AnotherToken", "WECHAT_FCGI_LOG_LEVEL": "critical"])
        #expect(outcome.text.contains("account   from the file\n"), "\(outcome.text)\(outcome.errorText)")
    }

    @Test("a program gets the settings of the environment")
    func settings() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            """
            accounts:
              - path: /shop
                token: ${WECHAT_TOKEN}
                rules: [{ text: hi, reply: from the file }]
            """, to: "c.yaml")
        let arguments = ["send", "text", "hi", "--to", "cgi:\(Program.path)", "--path", "/shop"]
        let variables = Self.token.merging(["WECHAT_FCGI_CONFIG": file]) { $1 }
        let outcome = try command(arguments, variables)
        #expect(outcome.text.contains("account   from the file\n"), "\(outcome.text)\(outcome.errorText)")
        let small = try command(arguments, variables.merging(["WECHAT_FCGI_MAX_BODY": "10"]) { $1 })
        #expect(small.text.contains("delivery 1: 413"), "\(small.text)")
    }

    // MARK: What is misunderstood

    @Test("the port of the program itself, taken for a web server's, is said to be one")
    func programsPort() throws {
        let folder = try TemporaryFolder()
        let program = try Backend(.port, in: folder, configuration: nil)
        let url = "http://\(program.endpoint)/wechat"
        for arguments in [
            ["send", "text", "a", "--to", url], ["doctor", url],
        ] {
            let outcome = try command(arguments, Self.token)
            #expect(outcome.status == 1)
            #expect(outcome.text.contains("(fastcgi_pass), or use fastcgi: in place of http:"), "\(outcome.text)")
        }
    }

    @Test("a redirect that only adds a slash is no address to register")
    func slash() throws {
        let nginx = try Nginx(
            in: TemporaryFolder(), processes: 1, http: "",
            server: "location /wechat/ { include fastcgi_params; fastcgi_pass unix:/nowhere; }")
        let url = "http://127.0.0.1:\(nginx.port)/wechat"
        for arguments in [["send", "text", "a", "--to", url], ["verify", url], ["doctor", url]] {
            let outcome = try command(arguments, Self.token)
            #expect(outcome.status == 1)
            #expect(outcome.text.contains("to the same address with a slash behind it"), "\(outcome.text)")
            #expect(outcome.text.contains("location = /wechat"), "\(outcome.text)")
            #expect(!outcome.text.contains("register the address"), "\(outcome.text)")
        }
    }

    @Test("a body that is no message is said to be none")
    func noMessage() throws {
        let folder = try TemporaryFolder()
        let server = try Server(in: folder)
        let file = try folder.write("<xml><a></xml>", to: "m.xml")
        let outcome = try command(["send", "--xml", file, "--to", "fastcgi:\(server.endpoint)"], Self.token)
        #expect(outcome.text.contains("delivery 1: 400"), "\(outcome.text)")
        #expect(outcome.text.contains("the message itself is not accepted (status 400)"), "\(outcome.text)")
        #expect(!outcome.text.contains("answer with 200"))
    }

    @Test("where the program refuses the Token, it is said that the web server's wins over the file's")
    func tokenOfWebServer() throws {
        let folder = try TemporaryFolder()
        let server = try Server(in: folder)
        let target = "fastcgi:\(server.endpoint)"
        for arguments in [["send", "text", "a", "--to", target], ["verify", target], ["doctor", target]] {
            let outcome = try command(arguments, ["WECHAT_TOKEN": "AnotherToken"])
            #expect(outcome.status == 1)
            #expect(
                outcome.text.contains("a WECHAT_TOKEN in the web server's configuration wins over the program's file"),
                "\(outcome.text)")
        }
    }
}
