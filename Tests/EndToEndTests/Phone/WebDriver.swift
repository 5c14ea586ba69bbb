import Foundation
import Glibc
import TestSupport

/// A conversation with chromedriver: W3C WebDriver, https://www.w3.org/TR/webdriver2/.
struct WebDriver: Sendable {
    let endpoint: Endpoint

    /// Runs a command.
    /// - Parameters:
    ///   - method: `GET`, `POST` or `DELETE`.
    ///   - path: Its path.
    ///   - parameters: What it is given, as JSON has it.
    /// - Returns: Its `value`, as JSON has it; `NSNull` where there is none.
    /// - Throws: ``TestError`` with what the driver says.
    @discardableResult
    func command(_ method: String, _ path: String, _ parameters: [String: Any] = [:]) throws -> Any {
        var request = HTTPRequest(method, path, headers: [("Content-Type", "application/json; charset=utf-8")])
        if method == "POST" {
            request.body = .bytes(Array(try JSONSerialization.data(withJSONObject: parameters)))
        }
        let response = try exchange(request)
        let answer = try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any] ?? [:]
        let value = answer["value"] ?? NSNull()
        guard response.status == 200 else {
            let message = (value as? [String: Any])?["message"] as? String ?? response.text
            throw TestError("\(method) \(path): \(message.prefix(600))")
        }
        return value
    }

    /// chromedriver keeps the connection, whatever it is asked: an answer ends where its Content-Length says.
    private func exchange(_ request: HTTPRequest) throws -> HTTPResponse {
        // A browser may take a minute to start, and says nothing until then.
        let connection = try endpoint.connect(patience: 150)
        defer { close(connection) }
        sendAll(request.bytes, to: connection)
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            // Throws for as long as something is missing.
            if let response = try? HTTPResponse(http: received), response["Content-Length"] != nil { return response }
            let count = read(connection, &buffer, buffer.count)
            guard count > 0 else { throw TestError("\(request.method) \(request.target): no answer") }
            received += buffer[..<count]
        }
    }
}
