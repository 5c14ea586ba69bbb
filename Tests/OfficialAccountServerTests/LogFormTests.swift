import FoundationEssentials
import Glibc
import Logging
import TestSupport
import Testing

@testable import OfficialAccountServer

@Suite("Log lines for programs")
struct LogFormTests {
    private func parse(_ line: String) throws -> [String: String] {
        try JSONDecoder().decode([String: String].self, from: Data(line.utf8))
    }

    @Test("a line is an object: time, level, message, account, and whatever else there is")
    func object() throws {
        let line = JSONLine.text(
            1_769_860_800, .notice, "bot", "answered: text",
            ["account": "wx1", "message": .stringConvertible(9_876_543_210_987_654_321 as UInt64), "level": "x"])
        #expect(
            line == #"{"ts":"2026-01-31T12:00:00Z","level":"notice","logger":"bot","message":"answered: text","#
                + #""account":"wx1","level_":"x","message_id":"9876543210987654321"}"#)
        #expect(try parse(line)["message_id"] == "9876543210987654321")
    }

    @Test(
        "what a client sends stays in its value, is one line, and is all seen",
        arguments: [
            "\"},{\"level\":\"error", "a\nb\r\t\u{1B}[31m", "\u{202E}x\u{200B}\u{2028}\u{E0041}", "\\", "\u{0}",
            "公众号 🎉", "",
        ])
    func hostile(text: String) throws {
        let line = JSONLine.text(0, .info, "bot", text, ["type": .string(text)])
        let read = try parse(line)
        #expect(read["message"] == text)
        #expect(read["type"] == text)
        #expect(!line.unicodeScalars.contains { $0.isUnseen })
    }

    @Test("lists and dictionaries are what they are")
    func nested() throws {
        let line = JSONLine.text(0, .info, "l", "m", ["a": ["x", "y"], "b": ["k": "v"]])
        #expect(line.hasSuffix(#""a":["x","y"],"b":{"k":"v"}}"#))
    }

    @Test("the journal is known by the device and the inode of its stream alone")
    func journal() throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "stream")
        let file = open(folder("stream"), O_RDONLY | O_CLOEXEC)
        defer { close(file) }
        var status = stat()
        #expect(fstat(file, &status) == 0)
        func isJournal(_ value: String?) -> Bool {
            JournalStream.isJournal(
                file, environment: ProcessEnvironment(value.map { ["JOURNAL_STREAM": $0] } ?? [:]))
        }
        #expect(isJournal("\(status.st_dev):\(status.st_ino)"))
        for other in [nil, "", ":", "\(status.st_dev)", "\(status.st_dev):\(status.st_ino + 1)", "1:2:3", "x:y"] {
            #expect(!isJournal(other))
        }
    }

    @Test("each level has its priority")
    func priorities() {
        #expect(Logger.Level.allCases.map(JournalStream.prefix) == ["<7>", "<7>", "<6>", "<5>", "<4>", "<3>", "<2>"])
    }
}
