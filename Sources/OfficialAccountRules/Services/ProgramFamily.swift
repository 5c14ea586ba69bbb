internal import Glibc
internal import NIOConcurrencyHelpers

/// The processes that descend from a program: found in `/proc`, and killed when the program is done.
///
/// A process belongs to the family by its session, by its process group, by its parent, and by the variable in its
/// environment that is this run's own. The last finds those that left the session and whose parent has ended, as daemons
/// do. One that also clears its environment escapes: to do that takes a purpose.
final class ProgramFamily: Sendable {
    private let mark: [UInt8]
    private let leader = NIOLockedValueBox<(process: pid_t, start: UInt64)?>(nil)

    /// - Parameter run: The value of the variable.
    init(run: String) { mark = Array("\(ProgramEnvironment.mark)=\(run)".utf8) }

    /// Notes the program itself while it is there for certain: until it has been waited for.
    func found(leader process: pid_t) {
        let start = ProcessEntry(process)?.start ?? 0
        leader.withLockedValue { $0 = (process, start) }
    }

    /// Kills whoever of the family is left.
    ///
    /// All are stopped before any is killed: one that starts others all the time would else be ahead for ever.
    func end() async {
        guard let leader = leader.withLockedValue({ $0 }) else { return }
        // It misses none of the group, however fast they multiply. A number is not given anew while a group has it.
        if ProcessEntry(leader.process).map({ $0.start == leader.start }) ?? true { kill(-leader.process, SIGKILL) }
        var stopped: Set<pid_t> = []
        for pass in 0..<Self.mostPasses {
            let members = members(of: leader)
            guard !members.isEmpty else { return }
            let new = members.filter { !stopped.contains($0.process) }
            if new.isEmpty || pass > Self.mostPasses / 2 {
                for member in members { member.send(SIGKILL) }
                stopped = []
                // What was killed is there until its parent, or the system, has noticed.
                try? await Task.sleep(for: .milliseconds(2))
            } else {
                for member in new { member.send(SIGSTOP) }
                stopped.formUnion(new.map(\.process))
            }
        }
    }

    private static let mostPasses = 200

    private func members(of leader: (process: pid_t, start: UInt64)) -> [ProcessEntry] {
        var family: [pid_t: ProcessEntry] = [:]
        var others: [ProcessEntry] = []
        for process in ProcessEntry.all() {
            guard let entry = ProcessEntry(process), entry.start >= leader.start, !entry.isDead else { continue }
            if entry.session == leader.process || entry.group == leader.process || entry.hasEnvironment(with: mark) {
                if process != leader.process { family[process] = entry }
            } else {
                others.append(entry)
            }
        }
        // Whose parent belongs to it, does, too.
        var isGrowing = true
        while isGrowing {
            isGrowing = false
            for entry in others where family[entry.parent] != nil && family[entry.process] == nil {
                family[entry.process] = entry
                isGrowing = true
            }
        }
        return Array(family.values)
    }
}
