internal import CFastCGI
internal import Glibc

/// Has libfcgi read a request that is known to have arrived whole.
///
/// The `FCGX_Request` is on the heap because its streams point back into it. One for each worker is enough: a request is
/// read in one go, so none is ever left half read.
///
/// It belongs to one worker and never leaves that worker's thread.
struct RequestReader: ~Copyable {
    private let request: UnsafeMutablePointer<FCGX_Request>
    /// Under 0 where libfcgi has closed it.
    private var file: Int32

    /// What came of reading a request from a socket.
    enum Reading {
        case request(Request)
        case failed
        /// It failed, and libfcgi has closed the socket: its number is not to be used again.
        case failedAndClosed
    }

    /// - Throws: ``ServerError`` where the system has no descriptor left for the reader's memory file.
    init() throws(ServerError) {
        file = cfastcgi_memfd()
        guard file >= 0 else { throw ServerError(operation: "memfd_create", errno: errno) }
        request = .allocate(capacity: 1)
        request.initialize(to: FCGX_Request())
        FCGX_InitRequest(request, -1, 0)
    }

    deinit {
        FCGX_Free(request, 0)
        request.deinitialize(count: 1)
        request.deallocate()
        if file >= 0 { close(file) }
    }

    /// Reads a request from a socket on which all of it waits.
    ///
    /// Until it is known not to have been closed, nobody else may use the socket's number.
    /// - Parameter unused: Gets what libfcgi read behind the request.
    mutating func read(socket: Int32, bodyBytes: Int, limit: Int, unused: inout [UInt8]) -> Reading {
        guard cfastcgi_accept_from(request, socket) == 0 else {
            return cfastcgi_has_closed(request) != 0 ? .failedAndClosed : .failed
        }
        defer { FCGX_Free(request, 0) }
        let parsed = parse(bodyBytes: bodyBytes, limit: limit)
        var rest: UnsafePointer<UInt8>?
        let count = cfastcgi_unused(request.pointee.in, &rest)
        if count > 0 { unused.append(contentsOf: UnsafeBufferPointer(start: rest, count: count)) }
        return parsed.map(Reading.request) ?? .failed
    }

    /// Reads a request from memory, through a file that is memory too, since libfcgi reads from descriptors only.
    ///
    /// Its records are made anew: libfcgi takes padding in some places for records.
    /// - Parameter bodyBytes: How many bytes its body had; over `limit` nothing of it was kept.
    mutating func read(_ collected: CollectedRequest, requestID: UInt16, bodyBytes: Int, limit: Int) -> Request? {
        if file < 0 { file = cfastcgi_memfd() }
        guard rewind(), write(collected, requestID: requestID), lseek(file, 0, SEEK_SET) == 0 else { return nil }
        guard cfastcgi_accept_from(request, file) == 0 else {
            if cfastcgi_has_closed(request) != 0 { file = -1 }
            return nil
        }
        defer {
            FCGX_Free(request, 0)
            _ = rewind()
        }
        return parse(bodyBytes: bodyBytes, limit: limit)
    }

    private func rewind() -> Bool { lseek(file, 0, SEEK_SET) == 0 && ftruncate(file, 0) == 0 }

    private func write(_ collected: CollectedRequest, requestID: UInt16) -> Bool {
        var bytes: [UInt8] = []
        AnswerEncoder.appendHeader(type: Record.beginRequest, requestID: requestID, content: 8, padding: 0, to: &bytes)
        bytes.append(contentsOf: [0, UInt8(Record.responder), Record.keepConnectionFlag, 0, 0, 0, 0, 0])
        return bytes.withUnsafeBytes { writeWhole($0) }
            && write(collected.parameters, type: Record.params, requestID: requestID)
            && write(collected.body, type: Record.stdin, requestID: requestID)
    }

    /// Writes a stream as records, and its end.
    private func write(_ content: [UInt8], type: UInt8, requestID: UInt16) -> Bool {
        content.withUnsafeBytes { content in
            var header: [UInt8] = []
            var index = 0
            while true {
                let count = min(AnswerEncoder.recordContent, content.count - index)
                header.removeAll(keepingCapacity: true)
                AnswerEncoder.appendHeader(type: type, requestID: requestID, content: count, padding: 0, to: &header)
                guard header.withUnsafeBytes({ writeWhole($0) }) else { return false }
                if count == 0 { return true }
                guard writeWhole(UnsafeRawBufferPointer(rebasing: content[index..<index + count])) else { return false }
                index += count
            }
        }
    }

    private func writeWhole(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let base = bytes.baseAddress else { return true }
        var done = 0
        while done < bytes.count {
            let count = Glibc.write(file, base + done, bytes.count - done)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }

    private func parse(bodyBytes: Int, limit: Int) -> Request? {
        guard let environment = request.pointee.envp else { return nil }
        let parameters = Parameters(environment: environment)
        if bodyBytes > limit { return Request(parameters: parameters, body: .failure(.tooLarge(limit: limit))) }
        let stream = request.pointee.in
        // No array for no bytes: the standard library would write to the empty array that all threads share.
        let body =
            bodyBytes == 0
            ? []
            : [UInt8](unsafeUninitializedCapacity: bodyBytes) { buffer, count in
                if let base = buffer.baseAddress { count = Int(FCGX_GetStr(base, Int32(bodyBytes), stream)) }
            }
        // Reads the record that ends the stream.
        let isAtEnd = FCGX_GetChar(stream) < 0
        guard isAtEnd, body.count == bodyBytes, FCGX_GetError(stream) == 0 else { return nil }
        if let length = ContentLength.declared(in: parameters), length != bodyBytes {
            return Request(parameters: parameters, body: .failure(.cutShort))
        }
        return Request(parameters: parameters, body: .success(body))
    }
}
