import Foundation
import TestSupport
import Testing

@Suite("The documentation's examples and links")
struct DocumentationTests {
    @Test("links lead to files, headings and articles that are there")
    func links() throws {
        for document in try DocumentedText.all() {
            for link in document.links {
                let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                let target = parts[0].isEmpty ? document.path : "\(document.folder)/\(parts[0])"
                #expect(FileManager.default.fileExists(atPath: target), "\(document): \(link)")
                if parts.count == 2, target.hasSuffix(".md") {
                    #expect(try DocumentedText(target).anchors.contains(parts[1]), "\(document): \(link)")
                }
            }
            for article in document.articles {
                #expect(
                    FileManager.default.fileExists(atPath: "\(document.folder)/\(article).md"),
                    "\(document): <doc:\(article)>")
            }
            for file in document.files {
                #expect(
                    FileManager.default.fileExists(atPath: "\(Checkout.path)/\(file)"), "\(document): \(file)")
            }
        }
    }

    @Test("every example with accounts is accepted as it stands")
    func examples() throws {
        let folder = try TemporaryFolder()
        var count = 0
        for document in try DocumentedText.all() {
            for (index, block) in document.blocks("yaml").enumerated() where block.hasPrefix("accounts:") {
                count += 1
                let file = try folder.write(block.replacing("…", with: "example"), to: "\(index).yaml")
                let outcome = try check(file, variables: Self.variables(of: block))
                #expect(outcome.status == 0, "\(document), block \(index): \(outcome.text)\(outcome.errorText)")
            }
        }
        #expect(count > 6)
    }

    @Test("the reference of rules has every key that the program knows")
    func keys() throws {
        // A key that is far from all others is answered with the list of those that there are.
        let unknown = "zzzzzzzzzzzz: x"
        let folder = try TemporaryFolder()
        let file = try folder.write(
            """
            accounts:
              - path: /wechat
                token: ExampleToken
                \(unknown)
                rules:
                  - {any: , \(unknown)}
                  - {any: , forward: {url: "https://example.com", \(unknown)}}
                  - {any: , run: {program: /bin/true, \(unknown)}}
                  - {any: , reply: {\(unknown)}}
                  - {text: {\(unknown)}, none: }
                chats:
                  chat: {\(unknown)}
            """, to: "keys.yaml")
        let reference = try DocumentedText("\(DocumentedText.catalog)/Rules.md").text
        let lists = try check(file, variables: [:]).text.matches(of: /unknown key 'z+'; (.+) has (.+)/)
        #expect(
            Set(lists.map { String($0.1) }) == ["an account", "a rule", "forward", "run", "reply", "text", "a chat"])
        for list in lists {
            for key in list.2.split(separator: ", ") {
                let forms = ["`\(key)`", "`\(key):", "`{\(key):", ", `{\(key):", ", {\(key): ", "### \(key)\n"]
                #expect(forms.contains { reference.contains($0) }, "\(list.1): \(key)")
            }
        }
    }

    private func check(_ file: String, variables: [String: String]) throws -> Outcome {
        try run([Program.path, "check", file], environment: programEnvironment(variables))
    }

    /// A value for each `${NAME}` of an example.
    private static func variables(of block: String) -> [String: String] {
        let names = block.matches(of: /\$\{([A-Za-z_]+)\}/).map { String($0.1) }
        return Dictionary(
            names.map { name in
                switch name {
                case "WECHAT_AES_KEY": (name, Account.firstKey)
                case "WECHAT_STORE": (name, "redis://wechat:password@127.0.0.1:6379/0")
                default: (name, "Example0123456789abcdef")
                }
            }, uniquingKeysWith: { first, _ in first })
    }
}

/// Takes half a minute of a processor.
@Suite("The documentation")
struct DocumentationBuildTests {
    private static let docc = try? run(["sh", "-c", "command -v docc"]).status

    @Test("builds without a warning", .enabled(if: docc == 0, "the toolchain has no docc"))
    func builds() throws {
        let folder = try TemporaryFolder()
        let outcome = try run(
            [Checkout.deploy("documentation"), "--skip-build", "--output", folder("site")], within: 600)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(!outcome.errorText.contains("warning"), "\(outcome.errorText)")
        for page in ["wechat-fcgi", "wechat-fcgi/rules", "fastcgi", "officialaccountbot/bot"] {
            let path = folder("site/documentation/\(page)/index.html")
            #expect(FileManager.default.fileExists(atPath: path), "\(page)")
        }
    }
}
