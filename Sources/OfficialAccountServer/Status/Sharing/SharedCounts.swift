internal import FastCGI
internal import Glibc

/// The counts of all processes that share a folder, this one's among them.
///
/// What was seen once never goes down: a process that asks writes its own counts down before it answers, and those of
/// one that is gone are put into the total, by whoever sees it first. Whether a process lives is told by the lock that it
/// holds, so that neither a number that is given to another process nor a container of its own can deceive.
final class SharedCounts: Sendable {
    private struct State {
        /// Held for as long as this process lives.
        var lock: FileLock?
        /// What this process wrote last.
        var written = ""
    }

    private let folder: StatusFolder
    /// How this process's files are called.
    private let name: String
    private let state = Locked(State())

    /// How long somebody else's adding up is waited for, in milliseconds. It takes less than one.
    private static let patience = 100

    /// What all processes have counted.
    struct Sum: Sendable {
        var total: Total
        /// The processes that live, the oldest first.
        var processes: [ProcessSnapshot]
    }

    /// Begins to share.
    init(_ folder: StatusFolder) throws(StatusFolder.Failure) {
        self.folder = folder
        name = "\(getpid())-" + String(UInt64.random(in: 0 ... .max), radix: 36)
        guard let adding = FileLock.take(folder("lock"), milliseconds: 2000) else {
            throw StatusFolder.Failure(description: "\(folder("lock")) cannot be locked")
        }
        guard let own = FileLock(folder(name + ".lock")) else {
            throw StatusFolder.Failure(description: "\(folder.path) cannot be written to")
        }
        state.withLock { $0.lock = own }
        withExtendedLifetime(adding) { _ = addUp() }
    }

    /// Writes this process's counts down where the others read them, unless they are what is there.
    func publish(_ snapshot: ProcessSnapshot) {
        let text = SnapshotText.write(snapshot)
        state.withLock { state in
            guard state.lock != nil, state.written != text else { return }
            if folder.write(text, to: name + ".counts") { state.written = text }
        }
    }

    /// Adds up.
    /// - Parameter snapshot: This process's counts.
    /// - Returns: `nil` where another process does not let it.
    func sum(_ snapshot: ProcessSnapshot) -> Sum? {
        guard let lock = FileLock.take(folder("lock"), milliseconds: Self.patience) else { return nil }
        return withExtendedLifetime(lock) {
            publish(snapshot)
            var sum = addUp()
            sum.processes.append(snapshot)
            sum.processes.sort { ($0.started, $0.pid) < ($1.started, $1.pid) }
            return sum
        }
    }

    /// Ends: what this process counted goes into the total.
    func end(_ snapshot: ProcessSnapshot) {
        let lock = FileLock.take(folder("lock"), milliseconds: 2000)
        publish(snapshot)
        // Without the lock somebody else does it, later.
        guard let lock else { return }
        state.withLock { $0.lock = nil }
        withExtendedLifetime(lock) { _ = addUp() }
    }

    /// Reads what the other processes have counted, and puts those that are gone into the total. Only with the folder's
    /// lock held.
    private func addUp() -> Sum {
        let written = folder.read("total").flatMap(SnapshotText.readTotal)
        var total = written ?? Total(since: SystemClock.seconds)
        var living: [ProcessSnapshot] = []
        var gone: [String] = []
        let isOver = state.withLock { $0.lock == nil }
        for other in folder.processes where other != name || isOver {
            let lock = FileLock(folder(other + ".lock"))
            // Only now: one that has just ended may have written its last.
            let snapshot = folder.read(other + ".counts").flatMap(SnapshotText.readProcess)
            guard lock != nil else {
                if let snapshot { living.append(snapshot) }
                continue
            }
            if let snapshot, !total.added.contains(other) { total.add(snapshot) }
            gone.append(other)
        }
        if written == nil || !gone.isEmpty {
            // Only those whose files are there could be met again.
            total.added = Set(gone)
            guard folder.write(SnapshotText.write(total), to: "total") else {
                return Sum(total: total, processes: living)
            }
            for other in gone {
                folder.remove(other + ".counts")
                folder.remove(other + ".lock")
            }
        }
        return Sum(total: total, processes: living)
    }
}
