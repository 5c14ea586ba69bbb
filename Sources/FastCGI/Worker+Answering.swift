internal import CFastCGI
internal import Glibc
internal import Synchronization

extension Worker {
    /// Begins to answer on this thread. If the answer comes without suspending it goes out from here; if not, the request
    /// goes on waiting without a thread.
    func answer(_ request: Request, on connection: Connection) {
        let loop = loop
        guard loop.requestsInFlight.load(ordering: .relaxed) < loop.limits.requestsInFlight else {
            if let response = loop.whenFull(request) { return send(response, on: connection) }
            loop.observe(.tooManyRequests)
            return send(.plain(503, "too many requests at once"), on: connection)
        }
        let work: Answer.Work
        switch loop.begin(request) {
        case .now(let response): return send(response, on: connection)
        case .later(let later): work = later
        }
        let exchange = exchange
        connection.sequence += 1
        let sequence = connection.sequence
        let task = Task.immediate(executorPreference: loop.executor) {
            let response = await work()
            if exchange.finish(response) {
                loop.requestsInFlight.subtract(1, ordering: .relaxed)
                Worker.deliver(response, to: connection, sequence: sequence, in: loop)
            }
        }
        if let response = exchange.answer {
            exchange.reset()
            return send(response, on: connection)
        }
        self.exchange = Exchange()
        loop.requestsInFlight.add(1, ordering: .relaxed)
        connection.lock.withLock {
            connection.phase = .handling
            connection.deadline = MonotonicClock.deadline(in: loop.limits.handlerTimeout)
            connection.task = task
        }
        loop.setTimer()
        if let response = exchange.leave() {
            // It answered while this was being written down.
            loop.requestsInFlight.subtract(1, ordering: .relaxed)
            if connection.claimAnswer(sequence: sequence) { send(response, on: connection) }
        }
    }

    /// Sends an answer where this is a worker's thread, or hands it from the handler's to the workers. One that comes too
    /// late is dropped.
    private static func deliver(_ response: Response, to connection: Connection, sequence: UInt64, in loop: EventLoop) {
        guard connection.claimAnswer(sequence: sequence) else { return }
        if let worker = loop.executor.workerHere { return worker.send(response, on: connection) }
        connection.answer = response
        loop.enqueue(connection)
    }

    /// Writes an answer. What the peer does not take at once follows when it is ready for more.
    func send(_ response: Response, on connection: Connection) {
        if response.body.count > AnswerEncoder.copiedBody {
            connection.outgoing = Outgoing(response, requestID: connection.requestID)
            return continueWriting(connection)
        }
        encoded.removeAll(keepingCapacity: true)
        AnswerEncoder.append(response, requestID: connection.requestID, to: &encoded)
        let count = encoded.withUnsafeBytes { cfastcgi_send(connection.fd, $0.baseAddress, $0.count) }
        if count == encoded.count { return finish(connection) }
        guard count >= 0 || errno == EAGAIN || errno == EINTR else { return loop.close(connection) }
        connection.outgoing = Outgoing(encoded: Array(encoded[max(count, 0)...]))
        continueWriting(connection)
    }

    func continueWriting(_ connection: Connection) {
        switch connection.outgoing?.write(to: connection.fd) {
        case .whole, nil:
            connection.outgoing = nil
            finish(connection)
        case .failed:
            loop.close(connection)
        case .blocked(let wroteSome):
            if wroteSome || connection.phase != .writing {
                connection.enter(.writing, deadline: MonotonicClock.deadline(in: loop.limits.writeTimeout))
            }
            loop.setTimer()
            arm(connection, for: UInt32(CFASTCGI_OUT))
        }
    }

    /// Closes a connection behind its answer, or makes it ready for the next request.
    private func finish(_ connection: Connection) {
        if connection.endsInLinger {
            shutdown(connection.fd, Int32(SHUT_WR))
            connection.endsInLinger = false
            connection.enter(.lingering, deadline: MonotonicClock.deadline(in: loop.limits.readTimeout))
            loop.setTimer()
            return linger(connection)
        }
        guard connection.keepsConnection, !loop.isStopping.load(ordering: .relaxed) else {
            return loop.close(connection)
        }
        if connection.phase != .idle { connection.enter(.idle) }
        if connection.hasPending {
            loop.enqueue(connection)
        } else {
            arm(connection, for: UInt32(CFASTCGI_IN | CFASTCGI_RDHUP))
        }
    }

    // MARK: Deadlines

    /// Looks at all deadlines. Connections are ended by `shutdown` only: their owner sees that and closes them.
    func checkDeadlines() {
        let now = MonotonicClock.now
        let round = loop.round(now: now)
        if round.endsAll { return loop.abandon() }
        if round.isPaused { loop.retryAccepting() }
        var needsTimer = round.isPaused || round.isStopping
        for connection in round.connections where check(connection, now: now, endsIdle: round.endsIdle) {
            needsTimer = true
        }
        if needsTimer { loop.setTimer() }
    }

    /// - Returns: Whether the connection has a deadline still to come.
    private func check(_ connection: Connection, now: Int64, endsIdle: Bool) -> Bool {
        enum Outcome { case none, waits, ended(ServerEvent?), handlerIsLate(Task<Void, Never>?) }
        let outcome: Outcome = connection.lock.withLock {
            if connection.phase == .idle, endsIdle {
                // Only the receiving side: what has arrived already is still answered.
                shutdown(connection.fd, Int32(SHUT_RD))
                return .none
            }
            guard connection.deadline != 0 else { return .none }
            guard now >= connection.deadline else { return .waits }
            connection.deadline = 0
            switch connection.phase {
            case .reading, .writing, .lingering:
                shutdown(connection.fd, Int32(SHUT_RDWR))
                switch connection.phase {
                case .reading: return .ended(.readTimeout)
                case .writing: return .ended(.writeTimeout)
                default: return .ended(nil)
                }
            case .handling:
                connection.phase = .writing
                defer { connection.task = nil }
                return .handlerIsLate(connection.task)
            case .idle, .closed:
                return .none
            }
        }
        switch outcome {
        case .none: return false
        case .waits: return true
        case .ended(let event):
            if let event { loop.observe(event) }
            return false
        case .handlerIsLate(let task):
            task?.cancel()
            loop.observe(.handlerTimeout)
            send(.plain(504, "the answer took too long"), on: connection)
            return true
        }
    }
}

extension Connection {
    /// Takes the connection over from a waiting handler, to answer the request of that number.
    /// - Returns: Whether it still waits for that answer.
    func claimAnswer(sequence: UInt64) -> Bool {
        lock.withLock {
            guard phase == .handling, self.sequence == sequence else { return false }
            phase = .writing
            deadline = 0
            task = nil
            return true
        }
    }
}
