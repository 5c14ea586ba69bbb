import Foundation
import TestSupport

/// A headless Chromium of a test's own, with a profile of its own. It is stopped when nothing refers to it any more.
final class Browser {
    private let process: ChildProcess
    private let folder: TemporaryFolder
    private let driver: WebDriver
    private let session: String

    /// Starts one.
    /// - Parameter more: Arguments of Chromium's, beside those that it always gets.
    init(_ more: String...) throws {
        folder = try TemporaryFolder()
        let port = try Endpoint.freePort()
        let program = try path(ofProgram: "chromedriver")
        process = try ChildProcess(
            [program, "--port=\(port)", "--silent"],
            environment: currentEnvironment().merging(["HOME": folder.path, "TMPDIR": folder.path]) { $1 },
            log: folder("chromedriver.log"))
        driver = WebDriver(endpoint: .loopback(port: port))
        try process.waitUntilAnswering(driver.endpoint)
        let options: [String: Any] = [
            "args": [
                "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run",
                "--disable-crash-reporter",
                "--user-data-dir=\(folder("profile"))", "--window-size=1280,900",
            ] + more
        ]
        let made = try driver.command(
            "POST", "/session", ["capabilities": ["alwaysMatch": ["goog:chromeOptions": options]]])
        guard let id = (made as? [String: Any])?["sessionId"] as? String else { throw TestError("no session: \(made)") }
        session = id
    }

    deinit {
        _ = try? driver.command("DELETE", "/session/\(session)")
        process.stop()
    }

    /// Opens an address.
    func open(_ address: String) throws {
        // An address that differs behind its # only would not load the page again.
        try run("POST", "url", ["url": "about:blank"])
        try run("POST", "url", ["url": address])
    }

    /// Runs JavaScript in the page, as the body of a function, and returns what it returns.
    @discardableResult
    func evaluate(_ script: String, _ arguments: Any...) throws -> Any {
        try run("POST", "execute/sync", ["script": script, "args": arguments])
    }

    /// Runs JavaScript that waits, as the body of an asynchronous function.
    func evaluateSoon(_ script: String, _ arguments: Any...) throws -> Any {
        let body = """
            const done = arguments[arguments.length - 1];
            (async (...given) => { \(script) })(...Array.from(arguments).slice(0, -1))
                .then((value) => done({ value }), (error) => done({ error: String(error?.stack ?? error) }));
            """
        let outcome = try run("POST", "execute/async", ["script": body, "args": arguments]) as? [String: Any]
        if let error = outcome?["error"] { throw TestError("\(error)") }
        return outcome?["value"] ?? NSNull()
    }

    /// Waits until JavaScript returns something true.
    func wait(until script: String, _ arguments: Any...) throws {
        let deadline = Deadline(seconds: 30)
        while try run("POST", "execute/sync", ["script": script, "args": arguments]) as? Bool != true {
            guard !deadline.hasPassed else {
                throw TestError("it never came true: \(script) \(arguments)\n\(try text(of: "body"))")
            }
            deadline.pause()
        }
    }

    /// The text of an element as it is seen, once it has come in: at first it is transparent, and nobody sees its text.
    func text(of selector: String) throws -> String {
        try wait(
            until: """
                for (let element = document.querySelector(arguments[0]); element; element = element.parentElement)
                    if (element.getAnimations().length > 0) return false;
                return true;
                """, selector)
        return try run("GET", "element/\(element(selector))/text") as? String ?? ""
    }

    /// The texts of all elements, seen or not, in the page's order.
    func texts(of selector: String) throws -> [String] {
        try evaluate(
            "return Array.from(document.querySelectorAll(arguments[0]), (element) => element.textContent)", selector)
            as? [String] ?? []
    }

    /// Clicks an element, as a user who sees it.
    func click(_ selector: String) throws { try run("POST", "element/\(element(selector))/click") }

    /// Clicks the element with a text.
    func click(_ selector: String, saying text: String) throws {
        try evaluate(
            """
            const found = Array.from(document.querySelectorAll(arguments[0]))
                .find((element) => element.textContent.trim() === arguments[1] && element.checkVisibility());
            document.querySelector("[data-to-click]")?.removeAttribute("data-to-click");
            found?.setAttribute("data-to-click", "");
            """, selector, text)
        try click("[data-to-click]")
    }

    /// Types into an element.
    func type(_ text: String, into selector: String) throws {
        try run("POST", "element/\(element(selector))/value", ["text": text])
    }

    /// Presses keys, one after the other, wherever the focus is.
    func press(_ keys: Key...) throws {
        let actions = keys.flatMap { key in
            ["keyDown", "keyUp"].map { ["type": $0, "value": key.rawValue] }
        }
        try run("POST", "actions", ["actions": [["type": "key", "id": "keyboard", "actions": actions]]])
    }

    /// What an element is to a screen reader.
    func spoken(_ selector: String) throws -> Spoken { try spoken(id: element(selector)) }

    /// What the element that has the focus is to a screen reader.
    func focused() throws -> Spoken {
        guard let element = try run("GET", "element/active") as? [String: String], let id = element.values.first else {
            throw TestError("nothing has the focus")
        }
        return try spoken(id: id)
    }

    /// Calls Chromium's own interface for developers: https://chromedevtools.github.io/devtools-protocol/.
    func chromium(_ command: String, _ parameters: [String: Any]) throws {
        try run("POST", "goog/cdp/execute", ["cmd": command, "params": parameters])
    }

    private func spoken(id: String) throws -> Spoken {
        Spoken(
            role: try run("GET", "element/\(id)/computedrole") as? String ?? "",
            label: try run("GET", "element/\(id)/computedlabel") as? String ?? "")
    }

    private func element(_ selector: String) throws -> String {
        let found = try run("POST", "element", ["using": "css selector", "value": selector]) as? [String: String]
        guard let id = found?.values.first else { throw TestError("no element \(selector)") }
        return id
    }

    @discardableResult
    private func run(_ method: String, _ path: String, _ parameters: [String: Any] = [:]) throws -> Any {
        try driver.command(method, "/session/\(session)/\(path)", parameters)
    }
}

/// What an element is to a screen reader: its role and its name, as the browser computes them.
struct Spoken: Equatable {
    var role: String
    var label: String
}

/// Keys as WebDriver writes them.
enum Key: String {
    case tab = "\u{E004}"
    case enter = "\u{E007}"
    case escape = "\u{E00C}"
    case space = " "
}
