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
        var doubts = 0
        for _ in 0..<Self.mostPasses {
            let look = look(for: leader, stopping: &stopped)
            if look.members.isEmpty {
                guard !look.isCertain, doubts < Self.mostDoubts else { return }
                doubts = stopLatest(of: leader) ? 0 : doubts + 1
            } else if !look.hasNew {
                for member in look.members.values { member.send(SIGKILL) }
                stopped = []
                // What was killed is there until its parent, or the system, has noticed.
                try? await Task.sleep(for: .milliseconds(2))
            }
        }
    }

    private static let mostPasses = 300
    private static let mostDoubts = 5

    /// Stops the first of the family among the processes that are started while it watches, for some milliseconds.
    ///
    /// Between the beginning and the end of a look at all processes one may have handed over to the next many times; to look
    /// at the latest takes less time than it takes to start another.
    /// - Returns: Whether there was one.
    private func stopLatest(of leader: (process: pid_t, start: UInt64)) -> Bool {
        let end = ContinuousClock.now + .milliseconds(10)
        while ContinuousClock.now < end, let latest = ProcessEntry.latest() {
            for process in (max(latest - 7, 2)...max(latest, 2)).reversed() {
                guard let entry = ProcessEntry(process), entry.start >= leader.start, !entry.isDead,
                    isMarked(entry.environment)
                else { continue }
                entry.send(SIGSTOP)
                return true
            }
        }
        return false
    }

    private func isMarked(_ environment: [UInt8]) -> Bool {
        environment.split(separator: 0).contains { $0.elementsEqual(mark) }
    }

    private struct Look {
        var members: [pid_t: ProcessEntry] = [:]
        /// Whether one was not seen before.
        var hasNew = false
        /// Whether nobody can have been missed: a process that is gone before it is looked at may have started another.
        var isCertain = true

        mutating func add(_ entry: ProcessEntry, stopping stopped: inout Set<pid_t>) {
            members[entry.process] = entry
            guard stopped.insert(entry.process).inserted else { return }
            hasNew = true
            entry.send(SIGSTOP)
        }
    }

    /// Looks for members, the latest first, and stops each as soon as it is seen.
    private func look(
        for leader: (process: pid_t, start: UInt64), stopping stopped: inout Set<pid_t>
    ) -> Look {
        var look = Look()
        var others: [ProcessEntry] = []
        for process in ProcessEntry.all().sorted(by: >) where process != leader.process {
            guard let entry = ProcessEntry(process) else {
                look.isCertain = false
                continue
            }
            guard entry.start >= leader.start else { continue }
            guard !entry.isDead else {
                look.isCertain = false
                continue
            }
            if entry.session == leader.process || entry.group == leader.process {
                look.add(entry, stopping: &stopped)
                continue
            }
            // While a process becomes another program it has no environment.
            let environment = entry.environment
            if environment.isEmpty { look.isCertain = false }
            if isMarked(environment) {
                look.add(entry, stopping: &stopped)
            } else {
                others.append(entry)
            }
        }
        // Whose parent belongs to it, does, too.
        var isGrowing = true
        while isGrowing {
            isGrowing = false
            for entry in others where look.members[entry.parent] != nil && look.members[entry.process] == nil {
                look.add(entry, stopping: &stopped)
                isGrowing = true
            }
        }
        return look
    }
}
