import OfficialAccountBot
import Testing

@testable import OfficialAccountRules

@Suite("The settings of a chat")
struct ChatSettingsTests {
    private func settings(
        name: String = "a", endpoint: String = "https://a.cn/v1/chat/completions", model: String = "m",
        system: String? = nil, parameters: [String: ChatParameter] = [:], notice: String = "x", words: [String] = ["x"],
        limit: Int = 1024
    ) throws -> ChatSettings {
        try ChatSettings(
            name: name, endpoint: ChatEndpoint(parsing: endpoint), model: model, key: ChatKey(parsing: "sk-secret"),
            system: system, parameters: parameters, rateNotice: notice, resetWords: words, answerLimit: limit)
    }

    @Test(
        "take addresses of http and https only",
        arguments: [
            "https://a.cn/v1/chat/completions", "http://127.0.0.1:11434/v1/chat/completions",
            "https://a.cn/x?api-version=1",
            "HTTPS://A.CN/", "http://[::1]:8080/v1",
        ])
    func addresses(text: String) throws { #expect(try settings(endpoint: text).endpoint.url == text) }

    @Test(
        "refuse other addresses without repeating them",
        arguments: [
            "", "a.cn/v1", "ftp://a.cn/", "file:///etc/passwd", "https://", "https:///v1", "https://user:pw@a.cn/",
            "https://a.cn/#f",
            "https://a.cn/ b", "https://a.cn/\r\nX: y", "https://中文/", "https://a.cn:99999/", "https://a.cn:0/",
            "https://a.cn/" + String(repeating: "x", count: 3000),
        ])
    func wrongAddresses(text: String) {
        do {
            _ = try ChatEndpoint(parsing: text)
            Issue.record("accepted")
        } catch {
            #expect(error.setting == "endpoint")
            #expect(text.utf8.count < 9 || !error.description.contains(text))
        }
    }

    @Test(
        "refuse a key that cannot be one",
        arguments: ["", "a b", "a\n", "a\r\nX: y", "密钥", String(repeating: "x", count: 1025)])
    func wrongKeys(text: String) {
        #expect(throws: ChatSettingsError.self) { try ChatKey(parsing: text) }
    }

    @Test("refuse what is out of bounds")
    func bounds() {
        func refuses(_ setting: String, _ make: () throws -> ChatSettings) {
            do {
                _ = try make()
                Issue.record("\(setting) accepted")
            } catch { #expect((error as? ChatSettingsError)?.setting == setting) }
        }
        refuses("name") { try settings(name: "") }
        refuses("name") { try settings(name: "a\u{0}b") }
        refuses("model") { try settings(model: "") }
        refuses("system") { try settings(system: String(repeating: "x", count: 40_000)) }
        refuses("parameters") { try settings(parameters: ["stream": .boolean(false)]) }
        refuses("parameters") { try settings(parameters: ["temperature": .number(.nan)]) }
        refuses("parameters") { try settings(parameters: ["a b": .integer(1)]) }
        refuses("rate_notice") { try settings(notice: "") }
        refuses("reset_words") { try settings(words: [""]) }
        refuses("answer_limit") { try settings(limit: 1) }
        refuses("answer_limit") { try settings(limit: 1 << 20) }
        #expect(throws: ChatSettingsError.self) { try ChatBounds(messages: -1) }
        #expect(throws: ChatSettingsError.self) { try ChatBounds(characters: 1 << 30) }
        #expect(throws: ChatSettingsError.self) { try ChatBounds(age: .nan) }
        #expect(throws: ChatSettingsError.self) { try ChatRate(questions: 0, period: 1) }
        #expect(throws: ChatSettingsError.self) { try ChatRate(questions: 1, period: .infinity) }
        #expect(throws: ChatSettingsError.self) { try ChatTimeouts(firstByte: 0) }
        #expect(throws: ChatSettingsError.self) { try ChatTimeouts(whole: .infinity) }
    }

    @Test("never show the key or the system prompt")
    func secrets() throws {
        let settings = try settings(system: "prompt-of-the-owner")
        let chat = Chat(settings)
        var text = "\(settings) \(chat) \(String(reflecting: settings))"
        dump(settings, to: &text)
        dump(chat, to: &text)
        #expect(!text.contains("sk-secret"))
        #expect(!text.contains("prompt-of-the-owner"))
    }

    @Test("tell whether the key crosses the network unencrypted")
    func unencrypted() throws {
        #expect(try settings(endpoint: "http://10.0.0.2/v1").sendsKeyUnencrypted)
        #expect(try !settings(endpoint: "http://localhost:11434/v1").sendsKeyUnencrypted)
        #expect(try !settings(endpoint: "http://[::1]:11434/v1").sendsKeyUnencrypted)
        #expect(try !settings().sendsKeyUnencrypted)
    }
}
