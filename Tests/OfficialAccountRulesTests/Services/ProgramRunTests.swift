import Foundation
import Glibc
import OfficialAccount
import OfficialAccountBot
import Testing

@testable import OfficialAccountRules

/// A folder with a script in it, which is removed with the test.
struct Script: ~Copyable {
    let folder: String
    var path: String { folder + "/program" }

    init(_ text: String, mode: Int = 0o755) throws {
        folder = NSTemporaryDirectory() + "program-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func text(of file: String) -> String? { try? String(contentsOfFile: folder + "/" + file, encoding: .utf8) }

    /// The processes whose numbers the script has written to a file.
    func processes(in file: String) -> [pid_t] {
        (text(of: file) ?? "").split(whereSeparator: \.isWhitespace).compactMap { pid_t($0) }
    }
}

/// Waits until none of some processes is left.
func areGone(_ processes: [pid_t]) async throws -> Bool {
    for _ in 0..<500 {
        if processes.allSatisfy({ ProcessEntry($0)?.isDead ?? true }) { return true }
        try await Task.sleep(for: .milliseconds(10))
    }
    return false
}

@Suite("Running a program", .serialized, .timeLimit(.minutes(3))) struct ProgramRunTests {
    private func answer(_ run: ProgramRun, _ message: Message? = nil, _ context: Context = context()) async throws
        -> Reply?
    {
        try await run.answer(message ?? textMessage(), context)
    }

    private func answer(
        script text: String, timeout: Duration = .seconds(20), limit: Int = 64 << 10
    ) async throws -> Reply? {
        let script = try Script(text)
        return try await answer(try ProgramRun(program: script.path, timeout: timeout, limit: limit))
    }

    private func text(of reply: Reply?) -> String? {
        if case .text(let text) = reply?.content { text } else { nil }
    }

    @Test func readsTheMessageAndWritesTheReply() async throws {
        let script = try Script("#!/bin/sh\ncat > \"$0.in\"\necho 你好\n")
        let message = try textMessage()
        #expect(try await answer(try ProgramRun(program: script.path), message) == .text("你好"))
        #expect(
            script.text(of: "program.in") == String(decoding: MessageJSON.bytes(message, context()), as: UTF8.self)
                + "\n")
    }

    @Test func answersInAllFormsThatAServiceDoes() async throws {
        #expect(try await answer(script: "#!/bin/sh\n") == Reply.none)
        #expect(try await answer(script: "#!/bin/sh\necho success\n") == Reply.none)
        #expect(
            try await answer(script: #"#!/bin/sh\#necho '{"type":"transfer","account":"kf"}'"#)
                == .transferToCustomerService(account: "kf"))
        let script = try Script(#"#!/bin/sh\#necho '{"type":"text","content":"?","session":{"state":"asked"}}'"#)
        let sessions = Sessions(store: MemoryStore(), account: "shop")
        _ = try await answer(try ProgramRun(program: script.path), nil, context(sessions: sessions))
        #expect(try await sessions.session(of: "oUser").state == "asked")
    }

    @Test func hasNoShellBetween() async throws {
        let run = try ProgramRun(program: "/bin/echo", arguments: ["$HOME", "*", "; exit 1", "`id`", "你好"])
        #expect(try await answer(run) == .text("$HOME * ; exit 1 `id` 你好"))
    }

    @Test func hasAnEnvironmentOfItsOwn() async throws {
        setenv("WECHAT_TOKEN", "secret", 1)
        let run = try ProgramRun(program: "/usr/bin/env", environment: ["ADDED": "a=b c", "PATH": "/opt/bin"])
        let text = try #require(text(of: try await answer(run)))
        var variables: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
            variables[parts[0]] = parts.count > 1 ? parts[1] : ""
        }
        #expect(Set(variables.keys).subtracting(["TZ"]) == ["PATH", "LANG", "HOME", "ADDED", "WECHAT_FCGI_RUN"])
        #expect(variables["ADDED"] == "a=b c")
        #expect(variables["PATH"] == "/opt/bin")
        #expect(variables["LANG"] == "C.UTF-8")
    }

    @Test func inheritsNoOpenFile() async throws {
        // As a library might make one, without close-on-exec.
        let leaky = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(leaky) }
        #expect(leaky > 2)
        let run = try ProgramRun(program: "/bin/ls", arguments: ["/proc/self/fd"])
        // The fourth is the folder that is listed.
        #expect(try await answer(run) == .text("0\n1\n2\n3"))
    }

    @Test func worksInItsOwnFolderOrInAGivenOne() async throws {
        let script = try Script("#!/bin/sh\npwd -P\n")
        let own = URL(fileURLWithPath: script.folder).resolvingSymlinksInPath().path
        #expect(try await answer(try ProgramRun(program: script.path)) == .text(own))
        #expect(try await answer(try ProgramRun(program: script.path, folder: "/usr")) == .text("/usr"))
    }

    @Test func leadsASessionOfItsOwn() async throws {
        let text = try #require(text(of: try await answer(script: "#!/bin/sh\necho $$; cat /proc/$$/stat\n")))
        let fields = text.split(whereSeparator: \.isWhitespace)
        // The group and the session stand in the fifth and the sixth field behind the number.
        #expect(fields[0] == fields[5] && fields[0] == fields[6])
    }

    @Test func needNotReadTheMessage() async throws {
        let large = try textMessage(String(repeating: "x", count: 1_000_000))
        for text in ["#!/bin/sh\necho ok\n", "#!/bin/sh\nexec <&-\necho ok\n", "#!/bin/sh\nread -r x <&0; echo ok\n"] {
            let script = try Script(text)
            #expect(try await answer(try ProgramRun(program: script.path), large) == .text("ok"))
        }
    }

    @Test func readsAMessageOfAMegabyteWhole() async throws {
        let large = try textMessage(String(repeating: "x", count: 1_000_000))
        let run = try ProgramRun(program: "/usr/bin/wc", arguments: ["-c"])
        #expect(try await answer(run, large) == .text("\(MessageJSON.bytes(large, context()).count + 1)"))
    }

    @Test func failsWithItsExitStatus() async throws {
        let error = await failure(ServiceError.self) {
            try await answer(script: "#!/bin/sh\necho \(secretContent); echo \(secretContent) >&2; exit 3\n")
        }
        #expect(error?.reason == .exited(status: 3))
        #expect(error?.description.contains("exit status 3") == true)
        #expect(error?.description.contains("by hand") == true)
        #expect(error?.description.contains(secretContent) == false)
        let killed = await failure(ServiceError.self) { try await answer(script: "#!/bin/sh\nkill -9 $$\n") }
        #expect(killed?.reason == .signaled(9))
    }

    @Test func failsWhereItsOutputIsNoReply() async throws {
        for (output, said) in [("<html>", "HTML"), ("{", "not JSON"), (#"\377\376"#, "UTF-8")] {
            let error = await failure(ServiceError.self) {
                try await answer(script: "#!/bin/sh\nprintf '\(output)'\n")
            }
            #expect(error?.reason == .unreadable)
            #expect(error?.description.contains(said) == true)
        }
    }

    @Test func isNotHeldBackByItsStandardError() async throws {
        #expect(
            try await answer(script: "#!/bin/sh\nhead -c 10000000 /dev/zero >&2\necho ok\n") == .text("ok"))
    }

    @Test func takesAnOutputOfJustItsLimit() async throws {
        let script = "#!/bin/sh\nhead -c 4096 /dev/zero | tr '\\0' x\n"
        #expect(try await answer(script: script, limit: 4096) == .text(String(repeating: "x", count: 4096)))
        let error = await failure(ServiceError.self) { try await answer(script: script, limit: 4095) }
        #expect(error?.reason == .tooLarge(limit: 4095))
    }

    /// Programs that cannot be started, and what is said of them.
    @Test func saysWhyItCannotBeStarted() async throws {
        let plain = try Script("#!/bin/sh\n", mode: 0o644)
        let lost = try Script("#!/no/such/interpreter\n")
        let bare = try Script("echo hello\n")
        let wrong: [(String, String?, String)] = [
            ("/no/such/program", nil, "is not there"), (plain.path, nil, "chmod"),
            (lost.path, nil, "interpreter"), (bare.path, nil, "#!/bin/sh"),
            ("/bin/sh", "/no/such/folder", "working folder"),
            ("/usr", nil, "is a folder"), ("/bin/sh/x", nil, "is not there"),
        ]
        for (program, folder, said) in wrong {
            let run = try ProgramRun(program: program, folder: folder)
            let error = await failure(ServiceError.self) { try await answer(run) }
            #expect(error?.reason == .notStarted, "\(program)")
            #expect(error?.description.contains(said) == true, "\(error?.description ?? "no error")")
        }
        #expect(try ProgramRun(program: "/bin/sh").warning == nil)
        #expect(try ProgramRun(program: "/no/such/program").warning != nil)
    }

    @Test func isStartedWhereWhoStartedThisProgramIgnoredTheEndOfChildren() async throws {
        let before = signal(SIGCHLD, SIG_IGN)
        defer { signal(SIGCHLD, before) }
        #expect(try await answer(script: "#!/bin/sh\nsleep 0.1\necho ok\n") == .text("ok"))
    }

    @Test func runsNoMoreOftenAtOnceThanItMay() async throws {
        let script = try Script(
            "#!/bin/sh\n: > \"$0.begun\"\nwhile [ ! -e \"$0.go\" ]; do sleep 0.02; done\necho ok\n")
        let run = try ProgramRun(program: script.path, mostAtOnce: 1)
        let message = try textMessage()
        async let first = run.answer(message, context())
        while script.text(of: "program.begun") == nil { try await Task.sleep(for: .milliseconds(5)) }
        let error = await failure(ServiceError.self) { try await run.answer(message, context()) }
        #expect(error?.reason == .busy)
        _ = FileManager.default.createFile(atPath: script.path + ".go", contents: nil)
        #expect(try await first == .text("ok"))
        #expect(try await run.answer(message, context()) == .text("ok"))
    }

    @Test func takesNoThreadWhileItRuns() async throws {
        let run = try ProgramRun(program: "/bin/sleep", arguments: ["3"], timeout: .seconds(120), mostAtOnce: 100)
        let message = try textMessage()
        func threads() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count }
        _ = try await answer(script: "#!/bin/sh\n")
        let before = try threads()
        try await withThrowingTaskGroup(of: Reply?.self) { group in
            for _ in 0..<100 { group.addTask { try await run.answer(message, context()) } }
            try await Task.sleep(for: .seconds(1.5))
            // Other tests run meanwhile.
            #expect(try threads() < before + 50)
            for try await reply in group { #expect(reply == Reply.none) }
        }
    }

    @Test func leavesNoFileOpen() async throws {
        func files() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }
        let runs = [
            try ProgramRun(program: "/bin/echo"), try ProgramRun(program: "/no/such/program"),
            try ProgramRun(program: "/bin/sh", folder: "/no/such/folder"),
            try ProgramRun(program: "/usr/bin/yes", limit: 1024),
        ]
        for run in runs { _ = try? await answer(run) }
        let before = try files()
        for _ in 0..<20 { for run in runs { _ = try? await answer(run) } }
        // Other tests run meanwhile.
        #expect(try files() < before + 40)
    }

    @Test func refusesSettingsOutOfRange() async throws {
        let wrong: [(String, () throws -> Any)] = [
            ("program", { try ProgramRun(program: "answer") }), ("program", { try ProgramRun(program: "") }),
            ("program", { try ProgramRun(program: "/bin/") }), ("program", { try ProgramRun(program: "/bin/\0sh") }),
            ("arguments", { try ProgramRun(program: "/bin/sh", arguments: ["a\0b"]) }),
            ("environment", { try ProgramRun(program: "/bin/sh", environment: ["1": "a"]) }),
            ("environment", { try ProgramRun(program: "/bin/sh", environment: ["": "a"]) }),
            ("environment", { try ProgramRun(program: "/bin/sh", environment: ["A=B": "a"]) }),
            ("environment", { try ProgramRun(program: "/bin/sh", environment: ["A": "a\0"]) }),
            ("environment", { try ProgramRun(program: "/bin/sh", environment: ["WECHAT_FCGI_RUN": "a"]) }),
            ("folder", { try ProgramRun(program: "/bin/sh", folder: "tmp") }),
            ("timeout", { try ProgramRun(program: "/bin/sh", timeout: .milliseconds(1)) }),
            ("limit", { try ProgramRun(program: "/bin/sh", limit: -1) }),
            ("mostAtOnce", { try ProgramRun(program: "/bin/sh", mostAtOnce: 0) }),
            ("sessionLifetime", { try ProgramRun(program: "/bin/sh", sessionLifetime: .nan) }),
        ]
        for (setting, make) in wrong {
            let error = await failure(ServiceSettingError.self) { try make() }
            #expect(error?.setting == setting)
        }
    }

    @Test func showsNothingSecretOfItself() throws {
        let run = try ProgramRun(program: "/bin/sh", arguments: ["secret"], environment: ["A": "secret"])
        var dumped = ""
        dump(run, to: &dumped)
        #expect("\(run)" == "ProgramRun(/bin/sh)")
        #expect(!dumped.contains("secret"))
    }
}
