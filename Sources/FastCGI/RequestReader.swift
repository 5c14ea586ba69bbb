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
    private let file: Int32

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
        close(file)
    }

    /// Reads a request from a socket on which all of it waits.
    /// - Parameter unused: Gets what libfcgi read behind the request.
    func read(socket: Int32, bodyBytes: Int, limit: Int, unused: inout [UInt8]) -> Request? {
        guard cfastcgi_accept_from(request, socket) == 0 else { return nil }
        defer { FCGX_Free(request, 0) }
        let parsed = parse(bodyBytes: bodyBytes, limit: limit)
        var rest: UnsafePointer<UInt8>?
        let count = cfastcgi_unused(request.pointee.in, &rest)
        if count > 0 { unused.append(contentsOf: UnsafeBufferPointer(start: rest, count: count)) }
        return parsed
    }

    /// Reads a request from memory, through a file that is memory too, since libfcgi reads from descriptors only.
    /// - Parameters:
    ///   - records: The records of the request. Their padding is left out on the way: libfcgi takes padding behind the
    ///     end of a stream for a record.
    ///   - bodyBytes: How many bytes its body had; over `limit` the records need not hold it.
    func read(records: UnsafeRawBufferPointer, requestID: UInt16, bodyBytes: Int, limit: Int) -> Request? {
        guard let base = records.baseAddress, rewind(file) else { return nil }
        var plain: [UInt8] = []
        plain.reserveCapacity(records.count + Record.headerLength)
        var index = 0
        while index + Record.headerLength <= records.count {
            let content = Int(records[index + 4]) << 8 | Int(records[index + 5])
            let padding = Int(records[index + 6])
            let start = plain.count
            let end = min(index + Record.headerLength + content, records.count)
            plain.append(contentsOf: UnsafeRawBufferPointer(start: base + index, count: end - index))
            plain[start + 6] = 0
            index += Record.headerLength + content + padding
        }
        if bodyBytes > limit {
            AnswerEncoder.appendHeader(type: Record.stdin, requestID: requestID, content: 0, padding: 0, to: &plain)
        }
        guard writeWhole(plain), lseek(file, 0, SEEK_SET) == 0 else { return nil }
        defer { _ = rewind(file) }
        guard cfastcgi_accept_from(request, file) == 0 else { return nil }
        defer { FCGX_Free(request, 0) }
        return parse(bodyBytes: bodyBytes, limit: limit)
    }

    private func rewind(_ file: Int32) -> Bool { lseek(file, 0, SEEK_SET) == 0 && ftruncate(file, 0) == 0 }

    private func writeWhole(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return true }
            var done = 0
            while done < bytes.count {
                let count = write(file, base + done, bytes.count - done)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return false }
                done += count
            }
            return true
        }
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
