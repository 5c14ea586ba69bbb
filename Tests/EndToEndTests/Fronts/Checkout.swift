import Foundation
import TestSupport

/// The checkout whose tests these are.
enum Checkout {
    static let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path(percentEncoded: false).droppingLastSlash

    /// The path of a file that people copy.
    static func deploy(_ name: String) -> String { "\(path)/deploy/\(name)" }

    /// The text of a file that people copy, with what an owner puts in their own values for.
    /// - Parameter edits: What is replaced by what. Each must occur, or the file has changed under the tests.
    static func deploy(_ name: String, edits: KeyValuePairs<String, String>) throws -> String {
        var result = try text(ofFile: deploy(name))
        for (old, new) in edits {
            guard result.contains(old) else { throw TestError("deploy/\(name) has no \(old)") }
            result = result.replacing(old, with: new)
        }
        return result
    }
}

/// The program that is tested.
enum Program {
    /// A copy of it where any user can start it: web servers give up root, and a checkout may be in root's home.
    static let path: String = {
        do {
            guard access(built, X_OK) == 0 else { throw TestError("\(built) is not there: swift build --build-tests") }
            let copy = folder("wechat-fcgi")
            guard try run(["install", "-m", "755", built, copy]).status == 0 else { throw TestError("no copy") }
            return copy
        } catch {
            fatalError("the program cannot be tested: \(error)")
        }
    }()

    /// What `swift build` made, beside the test bundle; WECHAT_FCGI_BINARY names another.
    private static let built: String = {
        if let other = currentEnvironment()["WECHAT_FCGI_BINARY"] { return other }
        let tests = (try? text(ofFile: "/proc/self/cmdline").split(separator: "\0").map(String.init)) ?? []
        // The bundle is the program itself, or an argument of the toolchain's test runner.
        let bundle = tests.first { $0.hasSuffix(".xctest") } ?? tests.first ?? ""
        return URL(filePath: bundle).deletingLastPathComponent().appending(path: "wechat-fcgi")
            .path(percentEncoded: false)
    }()

    private static let folder: TemporaryFolder = {
        do { return try TemporaryFolder() } catch { fatalError("\(error)") }
    }()
}

extension String {
    fileprivate var droppingLastSlash: String { hasSuffix("/") ? String(dropLast()) : self }
}
