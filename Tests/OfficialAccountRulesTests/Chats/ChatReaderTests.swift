import HTTPStub
import Testing

@testable import OfficialAccountRules

@Suite("What a chat endpoint answers")
struct ChatReaderTests {
    private func read(_ text: String, pieces size: Int = 7, limit: Int = 1000) throws -> ChatAnswer {
        var answer = ChatAnswer(limit: limit)
        var reader = ChatReader()
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let goesOn = try reader.read(rest.prefix(size), into: &answer)
            rest = rest.dropFirst(size)
            if !goesOn { return answer }
        }
        try reader.finish(into: &answer)
        return answer
    }

    private func event(_ word: String, finish: String? = nil) -> String {
        ScriptedHTTPServer.event(word, finish: finish)
    }

    @Test("is put together from its pieces", arguments: [1, 2, 3, 5, 64, 10_000])
    func pieces(size: Int) throws {
        let text = event("你好") + ": keep-alive\n\n" + event("，世\n") + event("界 🌏", finish: "stop") + "data: [DONE]\n\n"
        let answer = try read(text, pieces: size)
        #expect(answer.words == "你好，世\n界 🌏")
        #expect(answer.end == .complete)
    }

    @Test(
        "ends as it says",
        arguments: [
            ("stop", ChatAnswer.End.complete), ("length", .tooLong), ("content_filter", .filtered),
            ("other", .complete),
        ])
    func ends(reason: String, end: ChatAnswer.End) throws {
        #expect(try read(event("a") + event("", finish: reason)).end == end)
        let whole = #"{"choices":[{"message":{"content":"a"},"finish_reason":"\#(reason)"}]}"#
        #expect(try read(whole).end == end)
    }

    @Test("has an end where only [DONE] or only a reason comes, and none without either")
    func endings() throws {
        #expect(try read(event("a") + "data: [DONE]\n\n").end == .complete)
        #expect(try read(event("a") + "data: [DONE]").end == .complete)
        #expect(try read(event("a", finish: "stop")).end == .complete)
        #expect(try read(event("a")).end == nil)
    }

    @Test(
        "is read in other forms",
        arguments: [
            #"{"choices":[{"message":{"role":"assistant","content":"你好"},"finish_reason":"stop"}]}"#,
            " \r\n {\"choices\":[{\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"你\"},{\"text\":\"好\"}]}}]}\n",
            // Thoughts, other choices, counts.
            """
            data: {"choices":[{"delta":{"role":"assistant","content":null,"reasoning_content":"Hm."}}]}

            data: {"choices":[{"index":1,"delta":{"content":"no"}}]}

            data: {"choices":[{"index":0,"delta":{"content":"你好","reasoning_content":null}}]}

            data: {"choices":[],"usage":{"total_tokens":3}}

            data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"error":null}
            """,
            // Without empty lines in between.
            """
            data: {"choices":[{"delta":{"content":"你"}}]}
            data: {"choices":[{"delta":{"content":"好"}}]}
            data: [DONE]
            """,
            // One object over several lines.
            "data: {\"choices\":\ndata: [{\"delta\":{\"content\":\"你好\"}}]}\n\ndata: [DONE]\n\n",
            "\u{FEFF}data: {\"choices\":[{\"delta\":{\"content\":\"你好\"},\"finish_reason\":\"stop\"}]}\n\n",
        ])
    func forms(text: String) throws {
        for size in [1, 4, 10_000] { #expect(try read(text, pieces: size).words == "你好") }
    }

    @Test("is told without what is thought aloud", arguments: [1, 3, 1000])
    func thoughts(size: Int) throws {
        let words = Array("\n<think>Is 1<2? </thin </think>是的 <think>不".unicodeScalars)
        var text = ""
        for start in stride(from: 0, to: words.count, by: size) {
            var piece = String.UnicodeScalarView()
            piece.append(contentsOf: words[start..<min(start + size, words.count)])
            text += event(String(piece))
        }
        #expect(try read(text, limit: 60).words == "是的 <think>不")
        #expect(try read(event("<think>only") + event(" thoughts")).words == "")
        #expect(try read(event("<thi") + event("", finish: "stop")).words == "<thi")
        #expect(try read(event("<b>") + event("x", finish: "stop")).words == "<b>x")
    }

    @Test("is looked at no further than an answer has parts")
    func parts() throws {
        let few = String(repeating: "{\"index\":1},", count: 10)
        let many = String(repeating: "{\"index\":1},", count: 10_000)
        let words = #"{"delta":{"content":"a"},"finish_reason":"stop"}"#
        #expect(try read("data: {\"choices\":[\(few)\(words)]}\n\n", pieces: 50_000).words == "a")
        #expect(try read("data: {\"choices\":[\(many)\(words)]}\n\n", pieces: 50_000).end == nil)
    }

    @Test("is not kept beyond its limit")
    func limit() throws {
        let answer = try read(String(repeating: event("好好好"), count: 100), limit: 100)
        #expect(answer.words == String(repeating: "好", count: 33))
        #expect(answer.end == .tooLong)
    }

    @Test(
        "may be an error with a name",
        arguments: [
            (
                #"data: {"error":{"message":"secret","type":"server_error","code":"overloaded"}}"#,
                ["overloaded", "server_error"]
            ),
            (#"{"error":{"message":"secret","code":1302}}"#, ["1302"]),
            (#"{"error":"a whole sentence"}"#, []),
            ("event: error\ndata: {\"code\":\"InvalidParameter\",\"message\":\"secret\"}\n\n", ["InvalidParameter"]),
            (#"{"error":{"code":"a sentence with spaces","type":"x\ny"}}"#, []),
            (#"{"code":"Arrearage","message":"secret"}"#, ["Arrearage"]),
        ])
    func errors(text: String, names: [String]) throws {
        do {
            _ = try read(text)
            Issue.record("no error")
        } catch ChatReader.Problem.refused(let refusal) { #expect(refusal.names == names) }
    }

    @Test(
        "is refused where it is nothing of a chat",
        arguments: [
            "", "   \n", "<!DOCTYPE html><html>", "Not found", "[]", "{}", "{\"choices\":[]}", "{\"choices\":7}",
            "{\"choices\":",
            "data: not json\n\n", "data: {\"choices\":7}\n\n", ": only comments\n\n", "\u{0}\u{1}", "null", "data: 7",
            String(repeating: "{\"a\":", count: 50_000), "data: " + String(repeating: "[", count: 50_000),
            "{" + String(repeating: " ", count: 2 << 20),
            "data: {\"choices\":[]}\ndata: 1\n\n",
            "data: {\"choices\":[]}\n" + String(repeating: "data: 1\n", count: 20_000),
            // More lines in an event, and more events, than an answer has.
            String(repeating: "data: {}\n", count: 2000) + "\n", String(repeating: "data: {}\n\n", count: 100_000),
        ])
    func nonsense(text: String) {
        do {
            _ = try read(text, pieces: 50_000)
            Issue.record("taken for an answer")
        } catch ChatReader.Problem.unreadable(_) {
        } catch { Issue.record("\(error)") }
    }

    @Test(
        "ends at a sentence where it is broken off",
        arguments: [
            ("第一句。第二句。第三", "第一句。第二句。…"), ("One. Two. Three. Point 3.5 th", "One. Two. Three.…"),
            ("一二三四五六七八九十", "一二三四五六七八九十…"), ("a", "a…"), ("很短。后面是一个非常非常长的没有说完的句子", "很短。后面是一个非常非常长的没有说完的句子…"),
            ("说完了……", "说完了……"), ("行一行一\n行二", "行一行一…"), ("完了。", "完了。…"),
        ])
    func brokenOff(text: String, end: String) {
        #expect(text.endedAtSentence() == end)
    }
}
