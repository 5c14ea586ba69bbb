import Glibc
import TestSupport
import Testing

@Suite("The page of the status", .serialized)
struct StatusPageTests {
    /// Opens the page and waits until it has drawn something.
    private static func open(_ fixture: StatusFixture, _ browser: Browser) throws {
        try browser.open(fixture.address + "?html")
        try browser.wait(until: "return !document.querySelector('#all').hidden")
    }

    private static func setUp(
        _ browser: Browser, width: Int = 1280, scheme: String = "light", language: String = "en-GB"
    ) throws {
        try browser.chromium(
            "Emulation.setDeviceMetricsOverride",
            ["width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 700])
        try browser.chromium(
            "Emulation.setEmulatedMedia", ["features": [["name": "prefers-color-scheme", "value": scheme]]])
        let agent = try browser.evaluate("return navigator.userAgent") as? String ?? ""
        try browser.chromium("Emulation.setUserAgentOverride", ["userAgent": agent, "acceptLanguage": language])
    }

    @Test("it draws what was counted, and goes on by itself")
    func draws() throws {
        let fixture = try StatusFixture("drawn", processes: 2)
        for number in 0..<7 { try fixture.send("hello \(number)") }
        try fixture.send("fail")
        let browser = try Browser()
        try Self.setUp(browser)
        try Self.open(fixture, browser)
        try browser.wait(until: "return document.querySelector('#messages .number')?.textContent === '8'")
        #expect(try browser.text(of: "#health") == "All well")
        #expect(try browser.texts(of: "#messages dt") == ["text"])
        #expect(try browser.texts(of: "#times dt") == ["p50", "p90", "p99", "p99.9", "max"])
        #expect(try browser.text(of: "#times-note") == "The platform hangs up after 5 s. 0 of 8 answers took longer.")
        #expect(try browser.texts(of: "#errors dt") == ["threw an error"])
        // The others know of a process after a second.
        try browser.wait(until: "return document.querySelectorAll('#processes tbody tr').length === 2")

        try fixture.send("one more")
        try browser.wait(until: "return document.querySelector('#messages .number')?.textContent === '9'")
        #expect(
            try browser.evaluate(
                "return performance.getEntriesByType('resource').every((entry) => entry.name.startsWith(location.origin))"
            ) as? Bool == true)
    }

    @Test("the times stand against the line of 5 s")
    func line() throws {
        let fixture = try StatusFixture("line")
        try fixture.send("hello")
        let browser = try Browser()
        try Self.setUp(browser)
        try Self.open(fixture, browser)
        // 5 s on a logarithmic scale from 0.1 ms to 60 s.
        let place =
            try browser.evaluate(
                """
                const track = document.querySelector("#times .track").getBoundingClientRect();
                const line = document.querySelector("#times .limits i").getBoundingClientRect();
                return (line.left - track.left) / track.width;
                """) as? Double
        #expect(abs((place ?? 0) - 0.8132) < 0.01)
    }

    @Test("a server that ends is said to, and one that comes back is seen")
    func trouble() throws {
        let fixture = try StatusFixture("trouble")
        let browser = try Browser()
        try Self.setUp(browser)
        try Self.open(fixture, browser)
        let process = try #require(fixture.server.all.first)
        process.signal(SIGTERM)
        #expect(process.waitForExit(within: 30) == 0)
        try fixture.server.start()
        #expect(try fixture.count("requests") > 0)
        try browser.wait(until: "return document.querySelectorAll('#processes tbody tr').length === 1")
        try browser.evaluate("window.fetch = () => Promise.reject(new Error('gone'))")
        try browser.wait(until: "return !document.querySelector('#trouble').hidden")
        #expect(try browser.text(of: "#trouble") == "The status cannot be read: gone. Trying again.")
        #expect(try browser.text(of: "#health") == "No answer")
    }

    @Test("it speaks Chinese to those who read it")
    func chinese() throws {
        let fixture = try StatusFixture("chinese")
        try fixture.send("hello")
        let browser = try Browser()
        try Self.setUp(browser, language: "zh-CN")
        try Self.open(fixture, browser)
        #expect(try browser.evaluate("return document.documentElement.lang") as? String == "zh-CN")
        #expect(try browser.text(of: "#times-title") == "应答时间")
        #expect(try browser.text(of: "#health") == "运行正常")
        // Every text that the page has in one language it has in the other.
        let untranslated =
            try browser.evaluate(
                "return Object.keys(texts.en).filter((name) => !texts.zh[name])") as? [String]
        #expect(untranslated == [])
    }

    @Test("nothing is wider than the screen", arguments: [320, 390, 768, 1280])
    func widths(width: Int) throws {
        let fixture = try StatusFixture("wide")
        for text in ["hello", "fail"] { try fixture.send(text) }
        let browser = try Browser()
        try Self.setUp(browser, width: width)
        try Self.open(fixture, browser)
        let widest = try browser.evaluate("return document.documentElement.scrollWidth") as? Int
        #expect(try #require(widest) <= width)
    }

    @Test("texts stand out from what is behind them, light and dark", arguments: ["light", "dark"])
    func contrast(scheme: String) throws {
        let fixture = try StatusFixture("contrast")
        for text in ["hello", "fail"] { try fixture.send(text) }
        let browser = try Browser()
        try Self.setUp(browser, scheme: scheme)
        try Self.open(fixture, browser)
        // WCAG 2.2, 1.4.3.
        let faint =
            try browser.evaluate(
                """
                const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
                const light = (colour) => numbers(colour).slice(0, 3).map((part) => part / 255)
                    .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
                    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
                const behind = (element) => {
                    for (let at = element; at; at = at.parentElement) {
                        const colour = getComputedStyle(at).backgroundColor;
                        if (numbers(colour)[3] !== 0) return colour;
                    }
                    return "rgb(255, 255, 255)";
                };
                return Array.from(document.querySelectorAll("body *"))
                    .filter((element) => element.checkVisibility() && !element.closest("option, .spoken"))
                    .filter((element) => Array.from(element.childNodes).some((node) => node.nodeType === 3 && node.data.trim()))
                    .filter((element) => {
                        const pair = [light(getComputedStyle(element).color), light(behind(element))].sort((a, b) => b - a);
                        return (pair[0] + 0.05) / (pair[1] + 0.05) < 4.5;
                    }).map((element) => element.outerHTML);
                """) as? [String]
        #expect(faint == [])
        let isDark = try browser.evaluate("return matchMedia('(prefers-color-scheme: dark)').matches") as? Bool
        #expect(isDark == (scheme == "dark"))
    }
}
