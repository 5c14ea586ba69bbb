internal import FastCGI

/// The variables that a web server passes with a request (RFC 3875, section 4.1), as nginx has them.
enum GatewayVariables {
    /// - Parameters:
    ///   - request: The request.
    ///   - path: The path of the account's URL, percent-encoded as it goes over the line.
    ///   - others: What the web server's configuration adds.
    static func make(for request: CallbackRequest, path: String, others: [String: String]) -> Parameters {
        let query = request.queryString
        var variables = Parameters([
            "QUERY_STRING": query,
            "REQUEST_METHOD": request.method,
            "CONTENT_TYPE": request.headers.first("Content-Type") ?? "",
            "CONTENT_LENGTH": request.method == "POST" ? String(request.body.count) : "",
            "SCRIPT_NAME": path,
            "REQUEST_URI": "\(path)?\(query)",
            "DOCUMENT_URI": path,
            "SERVER_PROTOCOL": "HTTP/1.1",
            "GATEWAY_INTERFACE": "CGI/1.1",
            "SERVER_SOFTWARE": "PlatformSimulator",
            "REMOTE_ADDR": "127.0.0.1",
            "REMOTE_PORT": "1",
            "SERVER_ADDR": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_NAME": "localhost",
            "HTTP_HOST": "localhost",
        ])
        for header in request.headers where header.name.lowercased() != "content-type" {
            let name = String(header.name.uppercased().map { $0 == "-" ? "_" : $0 })
            variables.append(name: "HTTP_\(name)", value: header.value)
        }
        for (name, value) in others.sorted(by: { $0.key < $1.key }) { variables.append(name: name, value: value) }
        return variables
    }
}

extension CallbackAnswer {
    /// Reads the output of a CGI program or a FastCGI server.
    init(output: [UInt8]) throws(DeliveryFault) {
        let response: Response
        do { response = try Response(output: output) } catch { throw .notHTTP }
        self.init(status: response.status, body: response.body)
        if !response.contentType.isEmpty { headers.append(NamedValue("Content-Type", response.contentType)) }
        headers += response.headers.map { NamedValue($0.name, $0.value) }
        if let length = headers.first("Content-Length").flatMap(Int.init) {
            // A web server would wait for the rest and then give up; what is too much it does not pass on.
            guard body.count >= length else { throw .cutShort }
            body.removeLast(body.count - length)
        }
    }
}
