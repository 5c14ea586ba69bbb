import Glibc
import TestSupport

/// One request straight to the program's socket, as a web server's FastCGI module sends it (FastCGI specification,
/// sections 3 to 5): for what no web server passes on.
enum FastCGIExchange {
    static func answer(variables: [String: String], body: [UInt8], from endpoint: Endpoint) throws -> HTTPResponse {
        let connection = try endpoint.connect()
        defer { close(connection) }
        // BEGIN_REQUEST: a responder, and the connection is closed after the answer.
        var bytes = record(type: 1, [0, 1, 0, 0, 0, 0, 0, 0])
        let parameters = variables.reduce(into: [UInt8]()) { $0 += pair($1.key, $1.value) }
        bytes += record(type: 4, parameters) + record(type: 4, [])
        for start in stride(from: 0, to: body.count, by: 65_528) {
            bytes += record(type: 5, Array(body[start..<min(start + 65_528, body.count)]))
        }
        bytes += record(type: 5, [])
        sendAll(bytes, to: connection)

        var rest = receiveAll(from: connection)[...]
        var output: [UInt8] = []
        while rest.count >= 8 {
            let header = Array(rest.prefix(8))
            let length = Int(header[4]) << 8 | Int(header[5])
            if header[1] == 6 { output += rest.dropFirst(8).prefix(length) }
            rest = rest.dropFirst(8 + length + Int(header[6]))
        }
        return try HTTPResponse(cgiOutput: output)
    }

    private static func record(type: UInt8, _ content: [UInt8]) -> [UInt8] {
        [1, type, 0, 1, UInt8(content.count >> 8), UInt8(content.count & 0xFF), 0, 0] + content
    }

    private static func pair(_ name: String, _ value: String) -> [UInt8] {
        length(name.utf8.count) + length(value.utf8.count) + Array(name.utf8) + Array(value.utf8)
    }

    private static func length(_ count: Int) -> [UInt8] {
        guard count > 127 else { return [UInt8(count)] }
        return [24, 16, 8, 0].enumerated().map { UInt8(count >> $1 & 0xFF) | ($0 == 0 ? 0x80 : 0) }
    }
}
