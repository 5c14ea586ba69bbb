import Foundation
import TestSupport

/// A text of the documentation: README, or an article.
struct DocumentedText: CustomStringConvertible, Sendable {
    /// The articles about the whole.
    static let catalog = "\(Checkout.path)/Sources/wechat-fcgi/Documentation.docc"

    /// README and the articles of all catalogs.
    static func all() throws -> [DocumentedText] {
        let sources = "\(Checkout.path)/Sources"
        let articles = try FileManager.default.subpathsOfDirectory(atPath: sources)
            .filter { $0.contains(".docc/") && $0.hasSuffix(".md") }.sorted()
        return try [DocumentedText("\(Checkout.path)/README.md")]
            + articles.map { try DocumentedText("\(sources)/\($0)") }
    }

    let path: String
    let text: String

    init(_ path: String) throws {
        self.path = path
        text = try TestSupport.text(ofFile: path)
    }

    var description: String { String(path.dropFirst(Checkout.path.utf8.count + 1)) }

    /// The folder that it is in.
    var folder: String { URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false) }

    /// The blocks of code of a language.
    func blocks(_ language: String) -> [String] {
        text.split(separator: "```\(language)\n", omittingEmptySubsequences: false).dropFirst()
            .map { String($0.prefix(upTo: $0.firstRange(of: "```")?.lowerBound ?? $0.endIndex)) }
    }

    /// The text without its blocks of code.
    var prose: String {
        text.split(separator: "```", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset.isMultiple(of: 2) }.map(\.element).joined()
    }

    /// What links to files and headings lead to.
    var links: [String] {
        prose.matches(of: /\]\(([^)\s]+)\)/).map { String($0.1) }.filter { !$0.contains("://") }
    }

    /// The articles that it links to.
    var articles: [String] { prose.matches(of: /<doc:([A-Za-z]+)>/).map { String($0.1) } }

    /// The files of the checkout that it names.
    var files: [String] {
        prose.matches(of: /`((?:deploy|Sources|Tests)\/[A-Za-z0-9_.\/-]+)[^`]*`/).map { String($0.1) }
    }

    /// The headings as links name them.
    var anchors: Set<String> {
        let headings = prose.split(separator: "\n").filter { $0.hasPrefix("#") }
        return Set(
            headings.map { heading in
                let title = heading.drop { $0 == "#" || $0 == " " }.lowercased()
                return String(
                    title.compactMap { letter in
                        if letter == " " { return "-" }
                        return letter.isLetter || letter.isNumber || letter == "-" || letter == "_" ? letter : nil
                    })
            })
    }
}
