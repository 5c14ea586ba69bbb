import FoundationEssentials
import OfficialAccountServer
import Testing

@Suite("The README")
struct ReadmeTests {
    private static let path = #filePath.replacing("Tests/ProgramTests/ReadmeTests.swift", with: "README.md")

    @Test("has the table of settings that the program has", .enabled(if: FileManager.default.fileExists(atPath: path)))
    func settings() throws {
        let text = try String(contentsOfFile: Self.path, encoding: .utf8)
        for row in Setting.markdown.split(separator: "\n") {
            #expect(text.contains(row), "missing: \(row)")
        }
    }
}
