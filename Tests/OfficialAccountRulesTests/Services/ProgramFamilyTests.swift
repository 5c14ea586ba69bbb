import Foundation
import OfficialAccount
import OfficialAccountBot
import Testing

@testable import OfficialAccountRules

@Suite("A program that does not end, or leaves others behind", .serialized, .timeLimit(.minutes(3)))
struct ProgramFamilyTests {
    /// Runs a script that is expected to fail.
    private func error(_ script: borrowing Script, timeout: Duration = .seconds(4), limit: Int = 1024) async throws
        -> ServiceError?
    {
        let run = try ProgramRun(program: script.path, timeout: timeout, limit: limit)
        let message = try textMessage()
        let start = ContinuousClock.now
        let error = await failure(ServiceError.self) { try await run.answer(message, context()) }
        #expect(ContinuousClock.now - start < .seconds(30))
        return error
    }

    @Test(
        "is killed with its children when it takes too long",
        arguments: [
            "sleep 1000",
            // Ends when it is asked to, but not its child.
            "sh -c 'trap \"\" TERM; echo $$ >> \"$0\"; while :; do sleep 1; done' \"$0.pids\" & wait",
            // Hears nothing.
            "trap '' TERM HUP INT; sleep 1000 & echo $! >> \"$0.pids\"; while :; do wait; sleep 1; done",
            // Has said all it has to say.
            "echo ok; exec >&- 2>&-; sleep 1000",
            "exec <&- >&- 2>&-; while :; do sleep 1; done",
        ])
    func tooLong(lines: String) async throws {
        let script = try Script("#!/bin/sh\necho $$ > \"$0.pids\"\n\(lines)\n")
        #expect(try await error(script)?.reason == .tooSlow)
        let processes = script.processes(in: "program.pids")
        #expect(!processes.isEmpty)
        #expect(try await areGone(processes))
    }

    @Test(
        "is killed when it writes without end",
        arguments: ["yes", "yes & yes & wait", "trap '' TERM PIPE; while :; do yes 2>/dev/null; done"])
    func tooMuch(lines: String) async throws {
        let script = try Script("#!/bin/sh\necho $$ > \"$0.pids\"\n\(lines)\n")
        #expect(try await error(script, timeout: .seconds(20))?.reason == .tooLarge(limit: 1024))
        #expect(try await areGone(script.processes(in: "program.pids")))
    }

    /// What a program leaves behind, each of which writes its number to the file.
    static let strays = [
        "sleep 1000 & echo $! >> \"$0.pids\"",
        "sleep 1000 > /dev/null 2>&1 < /dev/null & echo $! >> \"$0.pids\"",
        // In a session of its own.
        "setsid sh -c 'echo $$ >> \"$0\"; sleep 1000' \"$0.pids\" > /dev/null 2>&1 &",
        // As a daemon: its parent is gone, too, and it holds on to the output.
        "(setsid sh -c '(sh -c \"echo \\$\\$ >> $0; sleep 1000\" &) ' \"$0.pids\" &)",
        // Without the variable that tells runs apart, but with a parent that has it.
        "setsid sh -c 'env -i /bin/sh -c \"echo \\$\\$ >> $0; exec sleep 1000\"; :' \"$0.pids\" > /dev/null 2>&1 &",
    ]

    @Test("leaves nobody behind when it is done", arguments: strays)
    func leavesNobody(lines: String) async throws {
        let script = try Script(
            "#!/bin/sh\n\(lines)\nwhile [ ! -s \"$0.pids\" ]; do sleep 0.02; done\necho ok\n")
        let run = try ProgramRun(program: script.path, timeout: .seconds(20))
        #expect(try await run.answer(try textMessage(), context()) == .text("ok"))
        let processes = script.processes(in: "program.pids")
        #expect(!processes.isEmpty)
        #expect(try await areGone(processes))
    }

    @Test func startsOthersWithoutEndInSessionsOfTheirOwn() async throws {
        let script = try Script(
            "#!/bin/sh\nwhile [ ! -e \"$0.stop\" ]; do setsid sleep 60 > /dev/null 2>&1 & echo $! >> \"$0.pids\"; sleep 0.01; done\n"
        )
        defer { _ = FileManager.default.createFile(atPath: script.path + ".stop", contents: nil) }
        #expect(try await error(script)?.reason == .tooSlow)
        let processes = script.processes(in: "program.pids")
        #expect(processes.count > 5)
        #expect(try await areGone(processes))
    }

    /// Only one of them is there at a time, which is another one whenever somebody looks.
    @Test func handsOverToAnotherProcessAllTheTime() async throws {
        let script = try Script(
            """
            #!/bin/sh
            if [ "${1:-}" = "" ]; then
                setsid "$0" on > /dev/null 2>&1 &
                while [ "$(cat "$0.pids" 2> /dev/null | wc -l)" -lt 10 ]; do sleep 0.02; done
                echo ok; exit
            fi
            [ -e "$0.stop" ] && exit
            echo $$ >> "$0.pids"
            setsid "$0" on &
            exit
            """)
        defer { _ = FileManager.default.createFile(atPath: script.path + ".stop", contents: nil) }
        let run = try ProgramRun(program: script.path, timeout: .seconds(20))
        #expect(try await run.answer(try textMessage(), context()) == .text("ok"))
        #expect(script.processes(in: "program.pids").count > 5)
        // Whoever is left goes on writing.
        try await Task.sleep(for: .milliseconds(200))
        let count = script.processes(in: "program.pids").count
        try await Task.sleep(for: .milliseconds(500))
        #expect(script.processes(in: "program.pids").count == count)
    }

    @Test func isKilledWhenItsTaskIsCancelled() async throws {
        let script = try Script("#!/bin/sh\necho $$ > \"$0.pids\"\nsleep 1000\n")
        let run = try ProgramRun(program: script.path)
        let message = try textMessage()
        let task = Task { await failure(ServiceError.self) { try await run.answer(message, context()) } }
        while script.processes(in: "program.pids").isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        task.cancel()
        #expect(await task.value != nil)
        #expect(try await areGone(script.processes(in: "program.pids")))
    }

    @Test func sparesWhatAnotherRunStarted() async throws {
        let script = try Script("#!/bin/sh\nsleep 2 & wait $!\necho ok\n")
        let run = try ProgramRun(program: script.path, timeout: .seconds(60))
        let message = try textMessage()
        async let slow = run.answer(message, context())
        for _ in 0..<10 {
            _ = try await ProgramRun(program: "/bin/echo", timeout: .seconds(60)).answer(message, context())
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(try await slow == .text("ok"))
    }
}
