import TestSupport
import Testing

/// A bot as a Swift programmer writes it, in a package of its own. It is built from README's text, with everything below
/// it, which takes minutes: WECHAT_TESTS_WITHOUT_OUTSIDE_PACKAGE in the environment leaves it out.
@Suite(
    "A package outside this one",
    .enabled(if: currentEnvironment()["WECHAT_TESTS_WITHOUT_OUTSIDE_PACKAGE"] == nil))
struct OutsidePackageTests {
    @Test("README's bot builds, and answers as CGI and as FastCGI")
    func bot() throws {
        let folder = try TemporaryFolder()
        let program = try build(in: folder)
        let sample = SampleMessage.text("from outside")
        let request = try Account.single.delivery(of: sample.xml)

        let variables = request.cgiVariables.merging(["WECHAT_TOKEN": Account.single.token]) { $1 }
        let outcome = try run([program], environment: programEnvironment(variables), input: request.bodyBytes)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(try Account.single.read(HTTPResponse(cgiOutput: outcome.output)) == sample.reply)

        let process = try ChildProcess(
            [Checkout.deploy("spawn-fcgi/wechat-fcgi"), "-n"],
            environment: programEnvironment([
                "WECHAT_TOKEN": Account.single.token, "WECHAT_SOCKET": folder("s"), "WECHAT_PROGRAM": program,
            ]), log: folder("log"))
        try process.waitUntilAnswering(.unix(folder("s")))
        let response = try FastCGIExchange.answer(
            variables: request.cgiVariables, body: request.bodyBytes, from: .unix(folder("s")))
        #expect(try Account.single.read(response) == sample.reply)
    }

    /// Builds the package and returns the path of its program, which any user may start.
    private func build(in folder: TemporaryFolder) throws -> String {
        // A package is called by the last part of its path, and a checkout may have any name.
        #expect(try run(["ln", "-s", Checkout.path, folder("wechat-fcgi")]).status == 0)
        try folder.make(folder: "bot")
        try folder.make(folder: "bot/Sources")
        try folder.make(folder: "bot/Sources/bot")
        try folder.write(
            """
            // swift-tools-version: 6.2
            import PackageDescription

            let package = Package(
                name: "bot",
                dependencies: [.package(path: "../wechat-fcgi")],
                targets: [
                    .executableTarget(
                        name: "bot",
                        dependencies: [
                            .product(name: "OfficialAccountBot", package: "wechat-fcgi"),
                            .product(name: "OfficialAccountServer", package: "wechat-fcgi"),
                        ])
                ]
            )
            """, to: "bot/Package.swift")
        try folder.write(botInReadme(), to: "bot/Sources/bot/main.swift")

        // The tests may run under settings for their own build that are none of this one's.
        let environment = currentEnvironment().filter { !$0.key.hasPrefix("SWIFT") }
        // What it builds with stays in a folder of the checkout, so that a second run takes seconds.
        let build = [
            "swift", "build", "--package-path", folder("bot"), "--scratch-path", "\(Checkout.path)/.build-outside",
            "--product", "bot",
        ]
        let outcome = try run(build, environment: environment, within: 5400)
        guard outcome.status == 0 else { throw TestError("\(outcome.text)\n\(outcome.errorText)") }
        let bin = try run(build + ["--show-bin-path"], environment: environment).text.split(separator: "\n").last ?? ""
        #expect(try run(["install", "-m", "755", "\(bin)/bot", folder("bot-program")]).status == 0)
        return folder("bot-program")
    }

    private func botInReadme() throws -> String {
        let readme = try text(ofFile: "\(Checkout.path)/README.md")
        let blocks = readme.split(separator: "```swift\n").dropFirst()
            .compactMap { $0.split(separator: "```", maxSplits: 1).first }
        return String(try #require(blocks.first { $0.contains("bot.serve()") }))
    }
}
