import Glibc
import TestSupport
import Testing

extension PhoneTests {
    @Suite("How it is served")
    struct Serving {
        @Test("quickstart prints the address, at which its bot welcomes a follower")
        func quickstart() throws {
            let folder = try TemporaryFolder()
            let port = try Endpoint.freePort()
            let quickstart = try ChildProcess(
                [
                    Checkout.deploy("quickstart"), "--port", "\(port)", "--token", "QuickToken", "--program",
                    Program.path,
                ], environment: programEnvironment(["TMPDIR": try folder.make(folder: "t")]), log: folder("log"))
            let deadline = Deadline(seconds: 60)
            while try !text(ofFile: folder("log")).contains("until Ctrl-C") {
                if deadline.hasPassed || quickstart.exitStatus != nil { throw TestError(quickstart.logTail) }
                deadline.pause()
            }
            let log = try text(ofFile: folder("log"))
            #expect(!log.contains("[warn]"))
            let address = try #require(log.split(separator: "Open ").last?.split(separator: " ").first)
            #expect(address == "http://127.0.0.1:\(port)/phone/#token=QuickToken")

            let browser = try Browser()
            try browser.open(String(address))
            try browser.click("#person")
            try browser.click("#people button", saying: "取消关注")
            try browser.click("#follow")
            try browser.wait(until: "return document.querySelectorAll('.theirs').length === 1")
            #expect(try browser.texts(of: ".theirs .bubble") == ["Hi~ 终于等到你"])
            try browser.click("#verify")
            try browser.wait(
                until: "return document.querySelector('#outcome').textContent.includes('the URL is taken')")
            quickstart.signal(SIGINT)
            #expect(quickstart.waitForExit(within: 30) == 0)
        }

        @Test("each file has its type and a policy, folders are not listed, and nothing leads out of the folder")
        func files() throws {
            let phone = try PhoneFixture()
            let types = ["": "text/html", "js/main.js": "text/javascript", "css/base.css": "text/css"]
            for (name, type) in types {
                let response = try HTTPRequest("GET", "/phone/\(name)").send(to: .loopback(port: phone.server.port))
                #expect(response.status == 200)
                #expect(response["Content-Type"] == "\(type); charset=utf-8")
                #expect(response["X-Content-Type-Options"] == "nosniff")
                #expect(response["Content-Security-Policy"] == "frame-ancestors 'none'")
            }
            for name in ["js/", "js", "nothing", "../nginx.conf", "..%2fnginx.conf", "%2e%2e/nginx.conf"] {
                let response = try HTTPRequest("GET", "/phone/\(name)").send(to: .loopback(port: phone.server.port))
                #expect(response.status != 200, "\(name)")
            }
        }

        @Test("where the browser gives it no cryptography, the page says so, and keeps no Token in the address")
        func insecure() throws {
            let phone = try PhoneFixture()
            let browser = try Browser("--host-resolver-rules=MAP phone.test 127.0.0.1")
            let address = "http://phone.test:\(phone.server.port)/phone/"
            try browser.open("\(address)#token=\(PhoneFixture.token)")
            #expect(try browser.spoken("#insecure").role == "alert")
            #expect(try browser.text(of: "body").contains("http://127.0.0.1:8080/phone/"))
            #expect(try browser.evaluate("return document.querySelector('main').checkVisibility()") as? Bool == false)
            #expect(try browser.evaluate("return location.href") as? String == address)
        }

        @Test("the page asks no other server for anything")
        func nothingFromElsewhere() throws {
            let phone = try PhoneFixture()
            try phone.open()
            try phone.say("news")
            _ = try phone.answers(1)
            let elsewhere =
                try phone.browser.evaluate(
                    """
                    return performance.getEntriesByType("resource").map((entry) => entry.name)
                        .filter((name) => new URL(name).origin !== location.origin)
                    """) as? [String]
            #expect(elsewhere == [])
        }
    }
}
