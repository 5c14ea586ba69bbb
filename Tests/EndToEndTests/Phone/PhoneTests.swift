import TestSupport
import Testing

/// The page of deploy/phone in a browser, one browser at a time.
@Suite("The simulated phone", .serialized)
struct PhoneTests {}

extension PhoneTests {
    @Suite("What a user does")
    struct Chat {
        @Test("a text is answered, in each mode", arguments: ["plain", "compatible", "secure"])
        func text(mode: String) throws {
            let phone = try PhoneFixture()
            try phone.open(mode: mode)
            try phone.say("你好, <世界> & 😀 ]]> end")
            #expect(try phone.answers(1) == ["你好, <世界> & 😀 ]]> end"])
            #expect(try phone.outcome() == "a reply: text")
            #expect(try phone.browser.texts(of: ".facts dd").last == mode)
            #expect(try phone.browser.texts(of: ".query dt").contains("msg_signature") == (mode != "plain"))
            let shown = try phone.browser.texts(of: "pre.code")
            #expect(shown.contains { $0.contains("<FromUserName><![CDATA[oPhone]]></FromUserName>") })
            #expect(shown.contains { $0.contains("<ToUserName><![CDATA[oPhone]]></ToUserName>") })
            #expect(shown.contains { $0.contains("<Encrypt>") } == (mode != "plain"))
        }

        @Test("the Token is taken from the address and out of it, and kept for as long as the tab is open")
        func token() throws {
            let phone = try PhoneFixture()
            try phone.open()
            #expect(try phone.browser.evaluate("return location.href") as? String == phone.address)
            #expect(try phone.browser.evaluate("return localStorage.length") as? Int == 0)
            try phone.browser.open(phone.address)
            try phone.say("again")
            #expect(try phone.answers(1) == ["again"])
        }

        @Test("without a Token the page asks for one, and says what is wrong with one that cannot be")
        func noToken() throws {
            let phone = try PhoneFixture()
            try phone.browser.open(phone.address)
            #expect(try phone.browser.spoken("#settings").label == "服务器配置")
            try phone.browser.type("a b", into: "#setting-token")
            try phone.browser.click("#settings [type=submit]")
            #expect(try phone.browser.text(of: "#settings-fault").contains("3–32"))
            try phone.browser.evaluate(
                "document.querySelector('#setting-token').value = arguments[0]", PhoneFixture.token)
            try phone.browser.click("#settings [type=submit]")
            try phone.say("hello")
            #expect(try phone.answers(1) == ["hello"])
        }

        @Test("a wrong Token is a fault that the inspector explains, and the URL does not verify")
        func wrongToken() throws {
            let phone = try PhoneFixture()
            try phone.browser.open("\(phone.address)#token=WrongToken")
            try phone.say("hello")
            #expect(try phone.outcome().contains("status is 403"))
            try phone.browser.click("#verify")
            try phone.browser.wait(
                until: "return document.querySelector('#outcome').textContent.includes('is the Token the one')")
        }

        @Test("cards are shown: one article, several after a menu key, music")
        func cards() throws {
            let phone = try PhoneFixture()
            try phone.open()
            try phone.say("news")
            _ = try phone.answers(1)
            #expect(try phone.browser.texts(of: ".news .title") == ["Article 1"])
            #expect(
                try phone.browser.evaluate("return document.querySelector('a.news').href") as? String
                    == "https://example.com/1")
            try phone.say("music")
            _ = try phone.answers(2)
            #expect(try phone.browser.texts(of: ".music .title") == ["A song"])
            try phone.browser.click("#toggle-menu")
            try phone.browser.click("#menu button", saying: "更多")
            try phone.browser.click("#menu button", saying: "关于我们")
            _ = try phone.answers(3)
            #expect(try phone.browser.texts(of: "div.news .title") == ["Article 1", "Article 2", "Article 3"])
        }

        @Test("a menu key, a followed link and a scanned code are events")
        func menu() throws {
            let phone = try PhoneFixture()
            try phone.open()
            try phone.browser.click("#toggle-menu")
            try phone.browser.click("#menu button", saying: "帮助")
            #expect(try phone.answers(1) == ["clicked help"])
            try phone.browser.click("#menu button", saying: "更多")
            try phone.browser.click("#menu button", saying: "打开网页")
            #expect(try phone.answers(2).last == "VIEW")
            try phone.browser.click("#menu button", saying: "更多")
            try phone.browser.click("#menu button", saying: "扫码")
            try phone.browser.click("#form [type=submit]")
            #expect(try phone.answers(3).last == "scancode_waitmsg")
        }

        @Test("an image, a voice and a place are sent, each with what its form says")
        func media() throws {
            let phone = try PhoneFixture()
            try phone.open(mode: "secure")
            for (index, (name, type)) in [("图片", "image"), ("位置", "location"), ("链接", "link")].enumerated() {
                try phone.browser.click("#more")
                try phone.browser.click(".action", saying: name)
                try phone.browser.click("#form [type=submit]")
                #expect(try phone.answers(index + 1).last == type)
            }
            try phone.browser.click("#voice")
            try phone.browser.click("#form [type=submit]")
            #expect(try phone.answers(4).last == "voice")
            #expect(
                try phone.browser.texts(of: "pre.code").first?.contains("<Recognition><![CDATA[今天天气怎么样]]>") == true)
        }

        @Test("an image, a voice and a video that the account answers are shown as what they are, a known image too")
        func mediaAnswers() throws {
            let phone = try PhoneFixture()
            try phone.open(mode: "secure")
            for (index, name) in ["image", "voice", "video"].enumerated() {
                try phone.say("\(name) answer-\(index)")
                #expect(try phone.answers(index + 1).count == index + 1)
                #expect(try phone.outcome() == "a reply: \(name)")
            }
            let labels = try phone.browser.texts(of: ".theirs .media")
            #expect(labels == ["MediaId answer-0", "MediaId answer-1", "MediaId answer-2"])
            let places =
                try phone.browser.evaluate(
                    """
                    return Array.from(document.querySelectorAll(".theirs .bubble")).map((bubble) =>
                        bubble.className + ": " + (bubble.querySelector("[role=img]")?.ariaLabel
                            ?? bubble.querySelector("svg + *").textContent));
                    """) as? [String]
            #expect(places == ["bubble picture: 图片", "bubble voice: 语音", "bubble picture: 视频"])
            #expect(try phone.browser.texts(of: ".theirs .title") == ["A film"])
            #expect(try phone.browser.texts(of: ".theirs .about") == ["About it"])
            #expect(try phone.browser.texts(of: ".theirs img").isEmpty)

            // What the user sent is known by its media ID.
            try phone.browser.click("#more")
            try phone.browser.click(".action", saying: "图片")
            try phone.browser.click("#form [type=submit]")
            _ = try phone.answers(4)
            let sent = try #require(try phone.browser.texts(of: "pre.code").first)
            let id = try #require(try /<MediaId><!\[CDATA\[(.+?)\]\]>/.firstMatch(in: sent)?.1)
            try phone.say("image \(id)")
            _ = try phone.answers(5)
            let sources =
                try phone.browser.evaluate(
                    "return ['.mine', '.theirs'].map((side) => document.querySelector(`${side} img`)?.src)")
                as? [String]
            #expect(sources?.count == 2 && Set(sources ?? []).count == 1, "\(sources ?? [])")
        }

        @Test("whoever leaves and follows again by a code gets what the account says to that")
        func following() throws {
            let phone = try PhoneFixture()
            try phone.open()
            try phone.browser.click("#person")
            try phone.browser.click("#people button", saying: "取消关注")
            try phone.browser.wait(until: "return !document.querySelector('#following').hidden")
            #expect(try phone.outcome() == "a reply: text")
            #expect(try phone.browser.texts(of: ".theirs").isEmpty)
            try phone.browser.click("#follow-by-code")
            try phone.browser.click("#form [type=submit]")
            #expect(try phone.answers(1) == ["subscribe"])
            #expect(try phone.browser.texts(of: "pre.code").first?.contains("<![CDATA[qrscene_123]]>") == true)
        }

        @Test("each user has a chat of their own")
        func people() throws {
            let phone = try PhoneFixture()
            try phone.open()
            try phone.say("first")
            _ = try phone.answers(1)
            try phone.browser.click("#person")
            try phone.browser.click("#people [type=submit]")
            #expect(try phone.browser.texts(of: ".entry").isEmpty)
            try phone.say("second")
            #expect(try phone.answers(1) == ["second"])
            #expect(try phone.browser.texts(of: ".facts dd").first == "oUser2")
            try phone.browser.click("#person")
            try phone.browser.click(".person-row")
            #expect(try phone.answers(1) == ["first"])
        }

        @Test("an item of a menu message is sent with its id, and only links to pages are links")
        func links() throws {
            let phone = try PhoneFixture()
            try phone.open()
            try phone.say(
                "<a href=\"weixin://bizmsgmenu?msgmenucontent=订单&msgmenuid=7\">1</a> <a href=\"https://a.example/\">b</a>"
            )
            _ = try phone.answers(1)
            #expect(try phone.browser.texts(of: ".theirs a") == ["b"])
            try phone.browser.click(".theirs .inline")
            #expect(try phone.answers(2).last == "订单")
            #expect(try phone.browser.texts(of: "pre.code").first?.contains("<bizmsgmenuid><![CDATA[7]]>") == true)
        }

        @Test("what a hostile account answers is text")
        func hostile() throws {
            let phone = try PhoneFixture()
            try phone.open()
            let text = """
                <script>document.title = "bad"</script><img src=x onerror="document.title='bad'">\
                <a href="javascript:document.title='bad'">x</a><a href=" JavaScript:1">y</a><a href="data:text/html,1">z</a>
                """
            try phone.say(text)
            #expect(try phone.answers(1) == [text])
            #expect(try phone.browser.texts(of: "#log a, #log img, #log script").isEmpty)
            #expect(try phone.browser.evaluate("return document.title") as? String == "模拟手机 · wechat-fcgi")
            // A card leads to pages only.
            let cards = try phone.browser.evaluateSoon(
                """
                const { bubble } = await import("/phone/js/bubbles.js");
                return given.map((url) => bubble({ type: "news", articles: [{ title: "t", url }] }, {}).tagName);
                """, "javascript:1", " java\nscript:1", "data:text/html,1", "weixin://x", "", "https://a.example/")
            #expect(cards as? [String] == ["DIV", "DIV", "DIV", "DIV", "DIV", "A"])
            // Nor could a mistake in the page make it more than that.
            #expect(
                try phone.browser.evaluate(
                    "try { document.body.innerHTML = 'x'; return 'set' } catch (error) { return error.name }")
                    as? String
                    == "TypeError")
        }

        @Test("a message is delivered again with the same MsgId, twice at once, and without a signature is refused")
        func again() throws {
            let phone = try PhoneFixture()
            try phone.open()
            try phone.say("hello")
            _ = try phone.answers(1)
            try phone.browser.click("[data-key=again]")
            _ = try phone.answers(2)
            try phone.browser.click("[data-key=twice]")
            _ = try phone.answers(4)
            #expect(Set(phone.bot.runs(for: "oPhone").map(\.message)).count == 1)
            #expect(phone.bot.runs(for: "oPhone").count == 4)
            try phone.browser.click("[data-key=unsigned]")
            try phone.browser.wait(
                until: "return document.querySelector('#outcome').textContent === 'refused with 403, as it should be'")
            #expect(phone.bot.runs(for: "oPhone").count == 4)
        }
    }
}
