import Foundation
import TestSupport

/// A command of the program, run to its end.
///
/// - Parameters:
///   - arguments: What stands behind the program's name.
///   - variables: Variables beside those of the test process; of `WECHAT_…` these alone.
///   - input: What it finds on its standard input.
func command(
    _ arguments: [String], _ variables: [String: String] = [:], input: String = ""
) throws -> Outcome {
    try whenNotSlow {
        try run([Program.path] + arguments, environment: programEnvironment(variables), input: Array(input.utf8))
    }
}

/// Runs the doctor again where it found an answer slow, as it does after two seconds: here that is a busy machine's doing.
/// That it says so of a slow server is tested in PlatformSimulatorTests.
func whenNotSlow(_ body: () throws -> Outcome) rethrows -> Outcome {
    for _ in 0..<5 {
        let outcome = try body()
        if !outcome.text.contains(", and the platform waits 5 s") { return outcome }
    }
    return try body()
}

extension Outcome {
    /// The line of JSON that `--json` prints.
    var json: [String: Any] {
        get throws {
            let value = try JSONSerialization.jsonObject(with: Data(output)) as? [String: Any]
            guard let value else { throw TestError("not an object: \(text)\(errorText)") }
            return value
        }
    }

    /// The codes of the doctor's findings, but for the note that a test's server is on this machine.
    var codes: [String] {
        get throws {
            guard let findings = try json["findings"] as? [[String: Any]] else {
                throw TestError("no findings: \(text)")
            }
            return findings.compactMap { $0["code"] as? String }.filter { $0 != "local-address" }
        }
    }
}

/// A CGI program that says what a test wants, whatever it is asked.
struct ScriptedProgram {
    private let folder: TemporaryFolder
    var target: String { "cgi:\(folder("program"))" }

    /// - Parameter script: Commands of a shell; `$QUERY_STRING` has the query.
    init(_ script: String) throws {
        folder = try TemporaryFolder()
        try folder.write("#!/bin/sh\n\(script)\n", to: "program", mode: 0o755)
    }

    /// A reply to the user and from the account that the commands have by themselves.
    static func reply(_ content: String) -> String {
        """
        cat <<'END'
        Content-Type: text/xml

        <xml><ToUserName>oSimulatedUser</ToUserName><FromUserName>gh_simulated</FromUserName>
        <CreateTime>\(Int(Date().timeIntervalSince1970))</CreateTime>\(content)</xml>
        END
        """
    }
}

extension NginxFront {
    /// The URL of an account.
    func url(_ account: Account) -> String { "http://\(webServer?.description ?? "")\(account.path)" }
}
