import TestSupport
import Testing

extension PhoneTests {
    @Suite("Who can use it")
    struct Access {
        @Test("all of it is reached with the Tab key, in the order in which it stands, and has a name")
        func tabOrder() throws {
            let phone = try PhoneFixture()
            try phone.open()
            var reached: [Spoken] = []
            for _ in 0..<9 {
                try phone.browser.press(.tab)
                reached.append(try phone.browser.focused())
            }
            #expect(
                reached.map(\.label) == [
                    "当前用户：用户 1（oPhone）", "服务器配置", "聊天记录", "切换到菜单", "发送语音", "消息", "更多", "Verify URL", "Clear",
                ])
            #expect(reached.map(\.role).filter { $0 != "button" } == ["log", "textbox"])
        }

        @Test("a message is written, sent and looked into with keys alone")
        func keyboard() throws {
            let phone = try PhoneFixture()
            try phone.open()
            for _ in 0..<6 { try phone.browser.press(.tab) }
            try phone.say("by keys")
            #expect(try phone.answers(1) == ["by keys"])
            #expect(try phone.browser.focused() == Spoken(role: "textbox", label: "消息"))

            // The panel of other things to send: a form opens, Escape closes it, and the focus is where it was.
            try phone.browser.press(.tab, .enter, .tab, .enter)
            try phone.browser.wait(until: "return document.querySelector('#form').open")
            try phone.browser.press(.escape)
            try phone.browser.wait(until: "return !document.querySelector('#form').open")
            #expect(try phone.browser.focused() == Spoken(role: "button", label: "更多"))

            // The menu.
            try phone.browser.evaluate("document.querySelector('#toggle-menu').focus()")
            try phone.browser.press(.space, .tab, .tab, .enter)
            #expect(try phone.browser.focused().label == "关于我们")
            try phone.browser.press(.escape)
            #expect(try phone.browser.focused().label == "更多")
            try phone.browser.press(.enter, .enter)
            #expect(try phone.answers(2).count == 2)
        }

        @Test("parts have the roles and names that a screen reader speaks, and answers are announced")
        func roles() throws {
            let phone = try PhoneFixture()
            try phone.open()
            try phone.say("hello")
            _ = try phone.answers(1)
            #expect(try phone.browser.spoken("main") == Spoken(role: "main", label: "模拟公众号"))
            #expect(try phone.browser.spoken("aside") == Spoken(role: "complementary", label: "Inspector"))
            // A log is a polite live region by itself.
            #expect(try phone.browser.spoken("#log") == Spoken(role: "log", label: "聊天记录"))
            #expect(try phone.browser.spoken("#exchanges") == Spoken(role: "list", label: "Messages, newest first"))
            #expect(try phone.browser.spoken(".timeline ol") == Spoken(role: "list", label: "Deliveries"))
            #expect(try phone.browser.texts(of: ".entry .spoken") == ["我：", "公众号："])
            try phone.browser.click("#voice")
            #expect(try phone.browser.spoken("#form") == Spoken(role: "dialog", label: "发送语音"))
            #expect(try phone.browser.spoken("#field-seconds").label == "时长（秒）")
            let nameless =
                try phone.browser.evaluate(
                    """
                    return Array.from(document.querySelectorAll("button, input, textarea, select"), (control) =>
                        control.labels?.length || control.textContent.trim() || control.getAttribute("aria-label")
                            ? null : control.outerHTML).filter(Boolean)
                    """) as? [String]
            #expect(nameless == [])
        }

        @Test("nothing is wider than the screen", arguments: [320, 390, 768, 1440])
        func widths(width: Int) throws {
            let phone = try PhoneFixture()
            try phone.browser.chromium(
                "Emulation.setDeviceMetricsOverride",
                ["width": width, "height": 800, "deviceScaleFactor": 2, "mobile": width < 700])
            try phone.open(mode: "compatible")
            try phone.say("https://example.com/" + String(repeating: "a", count: 300))
            _ = try phone.answers(1)
            try phone.say("news")
            _ = try phone.answers(2)
            try Self.expectNone(Self.overflow(phone))
            try phone.browser.click("#more")
            try Self.expectNone(Self.overflow(phone))
            try phone.browser.click("#voice")
            try Self.expectNone(Self.overflow(phone))
            try phone.browser.press(.escape)
            if width < 800 {
                try phone.browser.click("#show-inspector")
                try Self.expectNone(Self.overflow(phone))
                try phone.browser.click("#show-phone")
                #expect(try phone.browser.focused().label == "检查消息")
            }
        }

        @Test("texts stand out from what is behind them, light and dark", arguments: ["light", "dark"])
        func contrast(scheme: String) throws {
            let phone = try PhoneFixture()
            try phone.browser.chromium(
                "Emulation.setEmulatedMedia", ["features": [["name": "prefers-color-scheme", "value": scheme]]])
            try phone.open("&speed=10")
            let isDark =
                try phone.browser.evaluate(
                    "return getComputedStyle(document.body).backgroundColor === 'rgb(10, 12, 11)'") as? Bool
            #expect(isDark == (scheme == "dark"))
            for text in ["https://example.com/", "news", "music", "silence 0"] {
                try phone.say(text)
                _ = try phone.outcome()
            }
            try phone.say("wait 4")
            try phone.browser.wait(until: "return document.querySelector('.notice') !== null")
            try Self.expectNone(Self.faintTexts(phone))
            try phone.browser.click("#open-settings")
            try Self.expectNone(Self.faintTexts(phone))
        }

        private static func expectNone(_ elements: [String], sourceLocation: SourceLocation = #_sourceLocation) {
            #expect(elements == [], sourceLocation: sourceLocation)
        }

        /// Elements that reach out of the page to the right, or scroll sideways.
        private static func overflow(_ phone: PhoneFixture) throws -> [String] {
            try phone.browser.evaluate(
                """
                const wide = Array.from(document.querySelectorAll("body, body *")).filter((element) =>
                    element.checkVisibility() && !element.closest(".spoken, svg") && (
                        element.getBoundingClientRect().right > innerWidth + 1
                        || element.scrollWidth > element.clientWidth + 1
                            && ["auto", "scroll"].includes(getComputedStyle(element).overflowX)));
                return wide.map((element) => `${element.tagName}.${element.className}`)
                    .concat(document.documentElement.scrollWidth > innerWidth ? ["page"] : []);
                """) as? [String] ?? ["?"]
        }

        /// Texts with less contrast than WCAG 2.2 asks for at level AA (1.4.3): 4.5 to 1. Those upon a picture are left out.
        private static func faintTexts(_ phone: PhoneFixture) throws -> [String] {
            try phone.browser.evaluate(
                """
                const colour = (text) => {
                    const values = text.match(/[\\d.]+/g).map(Number);
                    const scale = text.startsWith("color(srgb") ? 255 : 1;
                    return [values[0] * scale, values[1] * scale, values[2] * scale, values[3] ?? 1];
                };
                const over = (top, below) =>
                    [0, 1, 2].map((part) => top[part] * top[3] + below[part] * (1 - top[3])).concat(1);
                const luminance = (parts) => {
                    const [red, green, blue] = parts.slice(0, 3).map((value) =>
                        value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
                    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
                };
                const faint = [];
                for (const element of document.querySelectorAll("body *")) {
                    const says = Array.from(element.childNodes).some((node) => node.nodeType === 3 && node.data.trim());
                    if (!says || !element.checkVisibility() || element.closest(".spoken, noscript")) continue;
                    const around = [];
                    for (let parent = element; parent; parent = parent.parentElement) around.unshift(getComputedStyle(parent));
                    let below = [255, 255, 255, 1], isPicture = false;
                    for (const style of around) {
                        const background = colour(style.backgroundColor);
                        if (style.backgroundImage !== "none") isPicture = true;
                        else if (background[3] === 1) isPicture = false;
                        below = over(background, below);
                    }
                    const [dark, light] = [luminance(over(colour(around.at(-1).color), below)), luminance(below)].sort();
                    if (!isPicture && (light + 0.05) / (dark + 0.05) < 4.5) faint.push(element.outerHTML.slice(0, 120));
                }
                return faint;
                """) as? [String] ?? ["?"]
        }
    }
}
