internal import CFastCGI
internal import Glibc
internal import Synchronization

/// One connection of a web server's.
///
/// Unchecked: at any time one party owns a connection and alone touches it: the worker to which epoll gave its event
/// (events are armed one at a time), or while a handler waits, whoever moves `phase` away from `.handling` under `lock`.
/// `phase`, `deadline` and closing are read by the timer too and change only under `lock`.
final class Connection: @unchecked Sendable {
    enum Phase {
        /// Kept, with no byte of a next request; or a worker is at it, and nothing waits for the peer.
        case idle
        /// A request has begun to arrive.
        case reading
        /// A handler waits.
        case handling
        /// An answer is being written.
        case writing
        /// The answer has gone before all of the request was read: what still comes is thrown away.
        case lingering
        case closed
    }

    let fd: Int32
    let isUnixSocket: Bool
    let lock = Lock()
    /// Stored by who gives the connection to epoll, loaded by who gets it from there. The kernel orders the two anyway;
    /// this says so in terms of the memory model, and of the thread sanitizer, at no cost.
    let handover = Atomic<Bool>(false)
    var phase = Phase.idle
    /// In milliseconds of the monotonic clock; 0 is none.
    var deadline: Int64 = 0
    /// Where in the loop's table it stands; guarded by the loop's lock.
    var index = 0
    /// Whether epoll knows it.
    var isRegistered = false

    /// What has arrived of a request that did not come in one piece.
    var collected: CollectedRequest?
    /// What came behind a request before that was answered, and how much of it is used.
    var pending: [UInt8] = []
    var pendingStart = 0
    var scanner: RecordScanner
    /// Bytes of a body over the limit that were thrown away.
    var discarded = 0

    var requestID: UInt16 = 0
    var keepsConnection = false
    /// Whether some of the request was never read, so that closing at once would lose the answer.
    var endsInLinger = false
    var outgoing: Outgoing?
    /// Counts requests, so that an answer that comes too late is not taken for the next one's.
    var sequence: UInt64 = 0
    var task: Task<Void, Never>?
    /// An answer that came from another thread.
    var answer: Response?

    init(fd: Int32, isUnixSocket: Bool, limits: Limits) {
        self.fd = fd
        self.isUnixSocket = isUnixSocket
        scanner = RecordScanner(limits: limits)
    }

    /// Whether some of a next request has been received already.
    var hasPending: Bool { pending.count > pendingStart }

    func enter(_ phase: Phase, deadline: Int64 = 0) {
        lock.withLock {
            self.phase = phase
            self.deadline = deadline
        }
    }
}
