internal import CFastCGI
import Glibc

extension HTTPRequest {
    /// Sends the request over a connection of its own and reads the answer.
    ///
    /// A server may answer and close before it has all of the body: what it said counts then too.
    package func send(to endpoint: Endpoint) throws -> HTTPResponse {
        let connection = try endpoint.connect()
        defer { close(connection) }
        sendAll(bytes, to: connection)
        return try HTTPResponse(http: readToEnd(connection))
    }

    /// The request as it goes over a connection.
    package var bytes: [UInt8] {
        var bytes = Array("\(method) \(target) HTTP/1.1\r\nHost: localhost\r\n".utf8)
        if !keepsConnection { bytes += Array("Connection: close\r\n".utf8) }
        for (name, value) in headers { bytes += Array("\(name): \(value)\r\n".utf8) }
        switch body {
        case .none: bytes += Array("\r\n".utf8)
        case .bytes(let body): bytes += Array("Content-Length: \(body.count)\r\n\r\n".utf8) + body
        case .chunked(let body):
            bytes += Array("Transfer-Encoding: chunked\r\n\r\n".utf8)
            for chunk in [body.prefix(body.count / 2), body.suffix(body.count - body.count / 2)] where !chunk.isEmpty {
                bytes += Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + Array("\r\n".utf8)
            }
            bytes += Array("0\r\n\r\n".utf8)
        }
        return bytes
    }
}

/// Writes until all is written or the peer takes no more.
@discardableResult
package func sendAll(_ bytes: [UInt8], to connection: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        guard count > 0 else { return false }
        rest = rest.dropFirst(count)
    }
    return true
}

/// What a connection brings until the peer closes it or is silent for half a minute.
package func receiveAll(from connection: Int32) -> [UInt8] { readToEnd(connection) }
