internal import CFastCGI
internal import Glibc

extension Worker {
    private static let hangup = UInt32(CFASTCGI_HUP | CFASTCGI_ERR)

    /// Reads what has arrived and answers each request that is whole.
    /// - Parameter events: What epoll or poll said of the connection.
    func read(_ connection: Connection, events: UInt32) {
        // A Unix socket says for certain that its peer is gone; a TCP peer that left shows only by ending its sending side.
        let isGone =
            events & Self.hangup != 0
            || (!connection.isUnixSocket && events & UInt32(CFASTCGI_RDHUP) != 0)
        if isGone {
            if connection.phase == .reading || connection.hasPending || hasBytes(connection) { loop.observe(.peerLeft) }
            return loop.close(connection)
        }
        if connection.phase == .idle && !connection.hasPending {
            peek(connection)
        } else {
            receive(connection)
        }
    }

    private func hasBytes(_ connection: Connection) -> Bool { cfastcgi_peek(connection.fd, buffer.baseAddress, 1) > 0 }

    /// The common case: a request that is all there when it is first looked at is left in the socket for libfcgi.
    private func peek(_ connection: Connection) {
        let count = cfastcgi_peek(connection.fd, buffer.baseAddress, buffer.count)
        guard count > 0 else {
            if count < 0, errno == EAGAIN || errno == EINTR { return waitForInput(connection) }
            return loop.close(connection)
        }
        var scanner = RecordScanner(limits: loop.limits)
        var nothing: CollectedRequest?
        do throws(Refusal) {
            let used = try scanner.scan(UnsafeRawBufferPointer(rebasing: buffer[..<count]), into: &nothing)
            let isAlone = scanner.isWhole && used == count && !scanner.padsABoundary
            guard isAlone, scanner.bodyBytes <= loop.limits.bodyBytes else { return receive(connection) }
        } catch {
            return refuse(connection, error)
        }
        // Under the lock, since libfcgi closes the socket where it fails: the timer must find it either open or `.closed`.
        let reading = connection.lock.withLock {
            let reading = reader.read(
                socket: connection.fd, bodyBytes: scanner.bodyBytes, limit: loop.limits.bodyBytes,
                unused: &connection.pending)
            if case .failedAndClosed = reading { connection.phase = .closed }
            return reading
        }
        switch reading {
        case .request(let request):
            connection.requestID = scanner.requestID
            connection.keepsConnection = scanner.keepsConnection
            answer(request, on: connection)
        case .failed:
            refuse(connection, .malformedParameters)
        case .failedAndClosed:
            loop.observe(.refused(.malformedParameters))
            loop.forget(connection)
        }
    }

    /// The other case: what has arrived is taken out of the socket and collected until the request is whole.
    private func receive(_ connection: Connection) {
        do throws(Refusal) {
            if try takePending(connection) { return answerCollected(connection) }
            while true {
                let count = cfastcgi_receive(connection.fd, buffer.baseAddress, buffer.count)
                if count < 0, errno == EINTR { continue }
                if count < 0, errno == EAGAIN { return waitForInput(connection) }
                guard count > 0 else {
                    if connection.phase == .reading { loop.observe(.cutShort) }
                    return loop.close(connection)
                }
                let used = try take(UnsafeRawBufferPointer(rebasing: buffer[..<count]), connection)
                if connection.scanner.isWhole {
                    connection.pending = Array(buffer[used..<count])
                    return answerCollected(connection)
                }
                if connection.discarded > Limits.discardedBytes { return answerCollected(connection) }
            }
        } catch {
            refuse(connection, error)
        }
    }

    private func waitForInput(_ connection: Connection) {
        if connection.phase == .reading { loop.setTimer() }
        arm(connection, for: UInt32(CFASTCGI_IN | CFASTCGI_RDHUP))
    }

    /// Goes on with the bytes that came behind the last request.
    /// - Returns: Whether they hold a whole request.
    private func takePending(_ connection: Connection) throws(Refusal) -> Bool {
        guard connection.hasPending else { return false }
        let pending = connection.pending
        let start = connection.pendingStart
        let used: Int = try pending.withUnsafeBytes { bytes in
            Result { () throws(Refusal) in try take(UnsafeRawBufferPointer(rebasing: bytes[start...]), connection) }
        }.get()
        connection.pendingStart += used
        if !connection.hasPending {
            connection.pending = []
            connection.pendingStart = 0
        }
        return connection.scanner.isWhole
    }

    /// Scans and keeps bytes of a request.
    /// - Returns: How many belong to it.
    private func take(_ bytes: UnsafeRawBufferPointer, _ connection: Connection) throws(Refusal) -> Int {
        if connection.phase == .idle {
            connection.enter(.reading, deadline: MonotonicClock.deadline(in: loop.limits.readTimeout))
        }
        if connection.collected == nil {
            connection.collected = CollectedRequest(bodyLimit: loop.limits.bodyBytes, room: loop.bodyRoom)
        }
        let used = try connection.scanner.scan(bytes, into: &connection.collected)
        if connection.scanner.bodyBytes > loop.limits.bodyBytes { connection.discarded += used }
        return used
    }

    private func answerCollected(_ connection: Connection) {
        let scanner = connection.scanner
        let hasNoRoom = connection.collected?.hasNoRoom == true
        let request = connection.collected.flatMap {
            hasNoRoom
                ? nil
                : reader.read(
                    $0, requestID: scanner.requestID, bodyBytes: scanner.bodyBytes, limit: loop.limits.bodyBytes)
        }
        connection.collected = nil
        connection.scanner = RecordScanner(limits: loop.limits)
        connection.requestID = scanner.requestID
        // What was not read of a body would be taken for the next request.
        connection.keepsConnection = scanner.keepsConnection && scanner.isWhole
        connection.endsInLinger = !scanner.isWhole
        connection.discarded = 0
        connection.enter(.idle)
        if hasNoRoom {
            loop.observe(.tooManyBodies)
            return send(.plain(503, "too many large requests at once"), on: connection)
        }
        guard let request else { return refuse(connection, .malformedParameters) }
        answer(request, on: connection)
    }

    private func refuse(_ connection: Connection, _ reason: Refusal) {
        loop.observe(.refused(reason))
        loop.close(connection)
    }

    /// Throws away what a peer still sends behind its answer, so that the answer is not lost to a reset connection.
    func linger(_ connection: Connection) {
        while true {
            let count = cfastcgi_receive(connection.fd, buffer.baseAddress, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { return arm(connection, for: UInt32(CFASTCGI_IN | CFASTCGI_RDHUP)) }
            connection.discarded += max(count, 0)
            if count <= 0 || connection.discarded > Limits.discardedBytes { return loop.close(connection) }
        }
    }
}
