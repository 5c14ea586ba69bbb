import Glibc
import TestSupport

/// One request straight to the program's socket, as a web server's FastCGI module sends it: for what no web server
/// passes on.
enum FastCGIExchange {
    static func answer(variables: [String: String], body: [UInt8], from endpoint: Endpoint) throws -> HTTPResponse {
        let connection = try endpoint.connect()
        defer { close(connection) }
        // CONTENT_LENGTH is among the variables, so that it can be another than the body's.
        let request = FastCGIRequest(parameters: variables.map { ($0.key, $0.value) }, body: body)
        sendAll(request.bytes, to: connection)

        var rest = receiveAll(from: connection)[...]
        var output: [UInt8] = []
        while rest.count >= 8 {
            let header = Array(rest.prefix(8))
            let length = Int(header[4]) << 8 | Int(header[5])
            if header[1] == FastCGIRecord.Kind.stdout { output += rest.dropFirst(8).prefix(length) }
            rest = rest.dropFirst(8 + length + Int(header[6]))
        }
        return try HTTPResponse(cgiOutput: output)
    }

    /// Answers the first request of a connection, in the place of the program.
    static func sendAnswer(_ output: String, to connection: Int32) {
        let records = [
            FastCGIRecord(type: FastCGIRecord.Kind.stdout, content: Array(output.utf8)),
            FastCGIRecord(type: FastCGIRecord.Kind.stdout),
            FastCGIRecord(type: FastCGIRecord.Kind.endRequest, content: [UInt8](repeating: 0, count: 8)),
        ]
        sendAll(records.flatMap(\.bytes), to: connection)
    }
}
