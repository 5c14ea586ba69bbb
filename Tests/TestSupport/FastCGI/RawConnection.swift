internal import CFastCGI
internal import Dispatch
internal import Glibc

/// A client's end of a connection to a FastCGI server, or to a web server before one, for tests that need to say every
/// byte themselves.
///
/// Receiving never blocks the test's own thread, since the server under test may need it; and nothing waits for ever.
package final class RawConnection: Sendable {
    package let fd: Int32
    private let sending = DispatchQueue(label: "RawConnection.sending")
    private let receiving = DispatchQueue(label: "RawConnection.receiving")
    /// What was received behind the last answer. Only what runs on `receiving` touches it.
    nonisolated(unsafe) private var received: [UInt8] = []

    /// Connects to a Unix socket.
    package init(unix path: String) throws {
        fd = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(fd, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try finishConnecting(result)
    }

    /// Connects to a port of 127.0.0.1.
    package init(port: UInt16) throws {
        fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(fd, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try finishConnecting(result)
        // What a test sends in pieces arrives in pieces.
        var on: Int32 = 1
        setsockopt(fd, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { Glibc.close(fd) }

    private func finishConnecting(_ result: Int32) throws {
        guard result == 0 else { throw TestError("connect: \(String(cString: strerror(errno)))") }
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    // MARK: Sending

    package func send(_ bytes: [UInt8]) async throws {
        try await on(sending) { [self] in
            var done = 0
            while done < bytes.count {
                let count = bytes.withUnsafeBytes {
                    Glibc.send(fd, $0.baseAddress.map { $0 + done }, bytes.count - done, Int32(MSG_NOSIGNAL))
                }
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { throw TestError("send: \(String(cString: strerror(errno)))") }
                done += count
            }
        }
    }

    /// Sends bytes a few at a time, each behind a moment in which those before it can be read.
    package func trickle(_ bytes: [UInt8], by count: Int) async throws {
        for start in stride(from: 0, to: bytes.count, by: count) {
            try await send(Array(bytes[start..<min(start + count, bytes.count)]))
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    package func send(_ records: FastCGIRecord...) async throws { try await send(records.flatMap(\.bytes)) }
    package func send(_ request: FastCGIRequest) async throws { try await send(request.bytes) }

    /// Says that nothing more will be sent.
    package func endSending() { shutdown(fd, Int32(SHUT_WR)) }

    /// Leaves without a word, as a web server does whose client has gone.
    package func leave() { shutdown(fd, Int32(SHUT_RDWR)) }

    /// Makes the peer's sends stall early.
    package func shrinkReceiveBuffer() {
        var size: Int32 = 4096
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }

    // MARK: Receiving

    /// The next answer; `nil` where the peer closed the connection before it was whole.
    package func answer() async throws -> FastCGIAnswer? {
        try await on(receiving) { [self] in
            var answer = FastCGIAnswer(id: 0, applicationStatus: 0, protocolStatus: 0, output: [], recordCount: 0)
            while let record = try nextRecord() {
                answer.id = record.id
                switch record.type {
                case FastCGIRecord.Kind.stdout:
                    answer.output += record.content
                    answer.recordCount += 1
                case FastCGIRecord.Kind.endRequest:
                    answer.applicationStatus = record.content.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
                    answer.protocolStatus = record.content[4]
                    return answer
                default: break
                }
            }
            return nil
        }
    }

    /// Sends a request and waits for its answer.
    package func exchange(_ request: FastCGIRequest) async throws -> FastCGIAnswer? {
        try await send(request)
        return try await answer()
    }

    /// Waits until the peer closes the connection.
    /// - Returns: What it sent before that and nobody has asked for.
    package func receiveToEnd() async throws -> [UInt8] {
        try await on(receiving) { [self] in
            while try receiveMore() {}
            defer { received = [] }
            return received
        }
    }

    /// Whether the peer has nothing to say at this moment and the connection is open.
    package var isQuiet: Bool {
        var byte: UInt8 = 0
        let count = recv(fd, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT))
        return count < 0 && errno == EAGAIN
    }

    private func nextRecord() throws -> FastCGIRecord? {
        while received.count < 8 { guard try receiveMore() else { return nil } }
        let count = Int(received[4]) << 8 | Int(received[5])
        let padding = received[6]
        while received.count < 8 + count + Int(padding) { guard try receiveMore() else { return nil } }
        var record = FastCGIRecord(
            type: received[1], id: UInt16(received[2]) << 8 | UInt16(received[3]),
            content: Array(received[8..<8 + count]), padding: padding)
        record.version = received[0]
        received.removeFirst(8 + count + Int(padding))
        return record
    }

    private func receiveMore() throws -> Bool {
        var failed: Int32 = 0
        let chunk = [UInt8](unsafeUninitializedCapacity: 1 << 18) { buffer, count in
            let got = recv(fd, buffer.baseAddress, buffer.count, 0)
            if got < 0 { failed = errno }
            count = max(got, 0)
        }
        if failed == EINTR { return true }
        // A peer that closes with bytes of ours unread resets the connection, which ends it just as well.
        if failed == ECONNRESET { return false }
        if failed != 0 { throw TestError("recv: \(String(cString: strerror(failed)))") }
        received += chunk
        return !chunk.isEmpty
    }

    private func on<Value: Sendable>(
        _ queue: DispatchQueue, _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: body)) }
        }
    }
}
