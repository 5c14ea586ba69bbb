import FastCGI
import Testing

@testable import OfficialAccountServer

@Suite("What a process needs to begin")
struct StartTests {
    @Test("a configuration file is none of a bot without one, and says so")
    func noFile() {
        let error = #expect(throws: StartError.self) {
            try ServingConfiguration(environment: ProcessEnvironment(["WECHAT_FCGI_CONFIG": "/etc/x"]), launch: .none)
        }
        #expect(error?.lines == ["WECHAT_FCGI_CONFIG: this program reads no configuration file"])
    }

    @Test("settings and variables that are not accepted end it with 78, under their names")
    func environment() {
        for (variables, beginning) in [
            (["WECHAT_FCGI_MAX_BODY": "x"], "WECHAT_FCGI_MAX_BODY: 'x' is not accepted"),
            (["WECHAT_TOKEN": "hello", "WECHAT_AES_KEY": "short"], "WECHAT_AES_KEY: the EncodingAESKey must have 43"),
        ] {
            let error = #expect(throws: StartError.self) {
                try ServingConfiguration(environment: ProcessEnvironment(variables), launch: .none)
            }
            #expect(error?.exitStatus == 78)
            #expect(error?.description.hasPrefix(beginning) == true)
        }
    }

    @Test("the environment of a CGI program is its request, and read once")
    func cgi() throws {
        let environment = ProcessEnvironment(["WECHAT_TOKEN": "hello", "WECHAT_AES_KEY": "short"])
        let configuration = try ServingConfiguration(environment: environment, launch: .cgi)
        #expect(configuration.accounts.summary == "as each request says")
    }
}
