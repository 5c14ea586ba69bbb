import Testing

@testable import OfficialAccountRules

@Suite("Server-sent events")
struct ServerSentEventsTests {
    private func read(_ pieces: [[UInt8]], limit: Int = 1024) throws -> [String] {
        var events = ServerSentEvents(limit: limit)
        var found: [String] = []
        func take(_ event: ServerSentEvents.Event) -> Bool {
            let name = String(decoding: event.name, as: UTF8.self)
            found.append((name.isEmpty ? "" : name + "=") + String(decoding: event.data, as: UTF8.self))
            return true
        }
        for piece in pieces { try events.read(piece, take) }
        try events.finish(take)
        return found
    }

    @Test(
        "are read as the standard says",
        arguments: [
            ("data: a\n\ndata: b\n\n", ["a", "b"]),
            ("data: a\r\n\r\ndata: b\r\n\r\n", ["a", "b"]),
            ("data: a\r\rdata: b\r\r", ["a", "b"]),
            ("data: a\n\r\ndata: b\r\n\n", ["a", "b"]),
            ("data: a\ndata: b\n\n", ["a\nb"]),
            (": comment\n\n:\n\ndata: a\n: another\n\n", ["a"]),
            ("event: error\nid: 7\nretry: 3\ndata: a\n\ndata: b\n\n", ["error=a", "b"]),
            ("data:a\n\ndata:  b\n\n", ["a", " b"]),
            ("data\n\ndata:\n\n", ["", ""]),
            ("\u{FEFF}data: a\n\n", ["a"]),
            ("event: only\n\n\n\ndata: 你好：世界\n\n", ["你好：世界"]),
            ("dat: no\ndata : no\n\n", []),
            // What the end of the stream left incomplete.
            ("data: a\n", ["a"]), ("data: a", ["a"]), ("data: a\r\n", ["a"]), ("data: a\n\ndata: b", ["a", "b"]),
            ("", []),
        ])
    func cases(text: String, events: [String]) throws {
        #expect(try read([Array(text.utf8)]) == events)
        #expect(try read(text.utf8.map { [$0] }) == events)
        for cut in 0...text.utf8.count {
            #expect(try read([Array(text.utf8.prefix(cut)), Array(text.utf8.dropFirst(cut))]) == events)
        }
    }

    @Test("that are too long are given up before they are kept")
    func tooLong() {
        let long = Array(repeating: UInt8(ascii: "x"), count: 2000)
        #expect(throws: ServerSentEvents.TooLong.self) { try read([long]) }
        let lines = Array(String(repeating: "data: 0123456789\n", count: 200).utf8)
        #expect(throws: ServerSentEvents.TooLong.self) { try read([lines]) }
        // A comment may come as often as it likes.
        #expect(throws: Never.self) { try read(Array(repeating: Array(": keep-alive\n\n".utf8), count: 500)) }
    }
}
