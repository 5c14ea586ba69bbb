import TestSupport

/// The program as a web server starts it for one request (RFC 3875, section 4.1).
struct BareCGIFront: RunningFront {
    private let folder: TemporaryFolder
    private let configuration: String?
    /// Whether the account may be in the variables.
    private let hasVariables: Bool

    init(_ setup: Setup) throws {
        folder = try TemporaryFolder()
        configuration = try setup.configuration(in: folder)
        hasVariables = setup != .exampleRules
    }

    func answer(to request: HTTPRequest) throws -> HTTPResponse {
        let outcome = try run(
            [Program.path], environment: variables(for: request), input: request.bodyBytes, within: 60)
        guard outcome.status == 0 else {
            throw TestError("status \(outcome.status): \(outcome.errorText)")
        }
        return try HTTPResponse(cgiOutput: outcome.output)
    }

    private func variables(for request: HTTPRequest) -> [String: String] {
        var result = request.cgiVariables
        result["WECHAT_FCGI_CONFIG"] = configuration
        switch request.path {
        case _ where !hasVariables: break
        case Account.single.path:
            result["WECHAT_TOKEN"] = Account.single.token
        case Account.variables.path:
            result["WECHAT_TOKEN"] = Account.variables.token
            result["WECHAT_APP_ID"] = Account.variables.appID
            result["WECHAT_AES_KEY"] = Account.variables.key
            result["WECHAT_ENCRYPTION"] = "secure"
        default: break
        }
        return programEnvironment(result)
    }
}

extension HTTPRequest {
    /// The meta-variables that a web server makes of the request.
    var cgiVariables: [String: String] {
        var result = [
            "GATEWAY_INTERFACE": "CGI/1.1",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "SERVER_SOFTWARE": "tests",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "REMOTE_ADDR": "127.0.0.1",
            "REQUEST_METHOD": method,
            "REQUEST_URI": target,
            "SCRIPT_NAME": path,
            "QUERY_STRING": query,
        ]
        for (name, value) in headers {
            let variable = name.uppercased().replacing("-", with: "_")
            result[variable == "CONTENT_TYPE" ? variable : "HTTP_\(variable)"] = value
        }
        switch body {
        case .none: break
        case .bytes(let bytes): result["CONTENT_LENGTH"] = String(bytes.count)
        case .chunked: result["HTTP_TRANSFER_ENCODING"] = "chunked"
        }
        return result
    }
}
