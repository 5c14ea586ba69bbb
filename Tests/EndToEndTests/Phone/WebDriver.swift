import Foundation
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
        let response = try request.send(to: endpoint)
        let answer = try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any] ?? [:]
        let value = answer["value"] ?? NSNull()
        guard response.status == 200 else {
            let message = (value as? [String: Any])?["message"] as? String ?? response.text
            throw TestError("\(method) \(path): \(message.prefix(600))")
        }
        return value
    }
}
