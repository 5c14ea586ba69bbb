import TestSupport
import Testing

extension PhoneTests {
    @Suite("The platform's clock")
    struct Clock {
        @Test("an account that takes too long is asked three times, five seconds apart, and then the notice is shown")
        func notice() throws {
            let phone = try PhoneFixture()
            // A second of the platform's takes half of one.
            try phone.open("&speed=2")
            try phone.say("wait 20")
            try phone.browser.wait(until: "return document.querySelector('.notice') !== null")
            #expect(try phone.browser.text(of: ".notice").hasPrefix("该公众号提供的服务出现故障，请稍后再试"))
            #expect(try phone.outcome().contains("no answer within 5 s"))

            // On a slow machine the deliveries take longer, and there are more marks.
            #expect(try phone.browser.texts(of: ".timeline .mark").starts(with: ["0 s", "5 s", "10 s", "15 s"]))
            let rows = try phone.browser.texts(of: ".timeline .row-text")
            #expect(rows.count == 3)
            #expect(rows.allSatisfy { $0.hasSuffix("no answer") })
            let starts = rows.compactMap { row in
                row.split(separator: "at ").last?.split(separator: " ").first.flatMap { Double($0) }
            }
            #expect(starts.count == 3)
            for (start, mark) in zip(starts, [0.0, 5, 10]) {
                #expect(start >= mark - 0.1 && start < mark + 10, "\(starts)")
            }

            // It was the same message each time, with a signature of its own.
            let runs = phone.bot.runs(for: "oPhone")
            #expect(runs.count == 3)
            #expect(Set(runs.map(\.message)).count == 1)
            let nonces =
                try phone.browser.evaluate(
                    """
                    return Array.from(document.querySelectorAll('.query div'))
                        .filter((pair) => pair.querySelector('dt').textContent === 'nonce').map((pair) => pair.textContent)
                    """) as? [String]
            #expect(Set(nonces ?? []).count == 3)

            try phone.browser.click(".notice .inline")
            #expect(try phone.browser.evaluate("return document.activeElement.id") as? String == "detail")
        }

        @Test("an answer to the second delivery is shown, and nothing of a fault")
        func second() throws {
            let phone = try PhoneFixture()
            try phone.open()
            // Four seconds too late for the first; the bot knows a message by its number and is quick the second time.
            try phone.say("once 9")
            #expect(try phone.answers(1) == ["quick"])
            #expect(try phone.browser.texts(of: ".timeline .row-text").count == 2)
            #expect(try phone.browser.texts(of: ".notice").isEmpty)
        }

        @Test("an account that has nothing to say is not asked again")
        func silence() throws {
            let phone = try PhoneFixture()
            try phone.open()
            try phone.say("silence 0")
            #expect(try phone.outcome() == "nothing to say")
            #expect(try phone.browser.texts(of: ".timeline .row-text").count == 1)
            #expect(try phone.browser.texts(of: ".theirs, .notice").isEmpty)
        }
    }
}
