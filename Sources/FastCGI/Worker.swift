internal import CFastCGI
internal import Glibc
internal import Synchronization

/// One thread of a server. It belongs to that thread and is not shared.
final class Worker {
    static let bufferSize = 64 << 10

    let loop: EventLoop
    var reader: RequestReader
    /// What arrives is looked at here before it is anyone's.
    let buffer: UnsafeMutableRawBufferPointer
    /// Where small answers are encoded; kept from one to the next.
    var encoded: [UInt8] = []
    /// Made ready for the next request; another one is made only when a handler keeps it.
    var exchange = Exchange()

    init(loop: EventLoop, reader: consuming RequestReader) {
        self.loop = loop
        self.reader = reader
        buffer = .allocate(byteCount: Self.bufferSize, alignment: 16)
        encoded.reserveCapacity(4096)
    }

    deinit { buffer.deallocate() }

    /// Works until the server has ended.
    func run() {
        // Few at a time: what one worker has taken, the others cannot take from it.
        let capacity = 16
        let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: capacity)
        defer { events.deallocate() }
        loop.executor.begin(self)
        defer { loop.executor.end() }
        while true {
            let count = cfastcgi_epoll_wait(loop.epoll, events, Int32(capacity))
            for index in 0..<max(Int(count), 0) {
                handle(data: cfastcgi_data(events + index), events: cfastcgi_events(events + index))
            }
            loop.executor.run()
            if loop.isStopping.load(ordering: .relaxed), loop.ended {
                // The event that woke this one is used up; the next worker needs its own.
                loop.wakeWorker()
                return
            }
        }
    }

    private func handle(data: UInt64, events: UInt32) {
        switch EventLoop.Tag(rawValue: data) {
        case .listener: accept()
        case .wake: wake()
        case .timer:
            loop.timerRanOut()
            checkDeadlines()
        case .signal: loop.handleSignals?()
        case nil:
            // The loop's table holds the connection, and only the worker that has its event takes it out.
            guard let address = UnsafeRawPointer(bitPattern: UInt(data)) else { return }
            handle(Unmanaged<Connection>.fromOpaque(address).takeUnretainedValue(), events: events)
        }
    }

    private func wake() {
        for connection in loop.takeReady() { goOn(connection) }
        if loop.takeBacklogDuty() {
            accept()
            loop.backlogIsDrained()
        }
    }

    private func handle(_ connection: Connection, events: UInt32) {
        _ = connection.handover.load(ordering: .acquiring)
        switch connection.phase {
        case .idle, .reading: read(connection, events: events)
        case .writing: continueWriting(connection)
        case .lingering: linger(connection)
        case .handling, .closed: break
        }
    }

    /// Goes on with a connection that waited in the loop's queue: its answer has come, or it has received its next
    /// request already.
    private func goOn(_ connection: Connection) {
        if let answer = connection.answer {
            connection.answer = nil
            send(answer, on: connection)
        } else if connection.phase == .idle || connection.phase == .reading {
            read(connection, events: 0)
        }
    }

    // MARK: Accepting

    /// Accepts what is there, in turns: a share of a burst is read at once by this worker, which saves epoll the trouble,
    /// and the rest goes to epoll, where the other workers find it.
    private func accept() {
        var batch: [Connection] = []
        var isMore = true
        while isMore, loop.mayAccept() {
            guard loop.hasDescriptorForConnection() else {
                loop.acceptFailed(.descriptorLimit(errno: EMFILE))
                break
            }
            let fd = cfastcgi_accept(loop.listener.fileDescriptor)
            guard fd >= 0 else {
                switch errno {
                case EINTR, ECONNABORTED, EPROTO: continue
                case EAGAIN: break
                case EMFILE, ENFILE, ENOBUFS, ENOMEM: loop.acceptFailed(.descriptorLimit(errno: errno))
                default: loop.acceptFailed(.systemError(operation: "accept", errno: errno))
                }
                break
            }
            loop.noteDescriptor(fd)
            let connection = Connection(fd: fd, isUnixSocket: loop.acceptsUnixSockets, limits: loop.limits)
            isMore = loop.add(connection)
            batch.append(connection)
            if batch.count == 64 {
                start(batch)
                batch.removeAll(keepingCapacity: true)
                // Between batches the other events get their turn.
                if !loop.isStopping.load(ordering: .relaxed) {
                    loop.acceptAgain()
                    return
                }
            }
        }
        start(batch)
    }

    private func start(_ batch: [Connection]) {
        let own = (batch.count + loop.workerCount - 1) / loop.workerCount
        for connection in batch.dropFirst(own) { arm(connection, for: UInt32(CFASTCGI_IN | CFASTCGI_RDHUP)) }
        for connection in batch.prefix(own) {
            read(connection, events: cfastcgi_hangup(connection.fd))
        }
    }

    // MARK: Waiting

    /// Waits for the connection's next event. Another worker may have it before this returns: nothing of the connection
    /// may be touched afterwards.
    func arm(_ connection: Connection, for events: UInt32) {
        let isFirst = !connection.isRegistered
        connection.isRegistered = true
        connection.handover.store(true, ordering: .releasing)
        let address = UInt64(UInt(bitPattern: Unmanaged.passUnretained(connection).toOpaque()))
        guard cfastcgi_epoll_arm(loop.epoll, connection.fd, isFirst ? 1 : 0, events, address) == 0 else {
            loop.observe(.systemError(operation: "epoll_ctl", errno: errno))
            loop.close(connection)
            return
        }
    }
}
