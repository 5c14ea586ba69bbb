internal import FastCGI
internal import Glibc

/// Answers what is asked at the status path, as php-fpm does at its `pm.status_path`: plain text, or what the query names.
///
/// It tells of all accounts, so that only those get an answer whom the owner's web server sees on the same machine, and
/// those in ``ClientNetworks`` that the setting `status_allow` names. REMOTE_ADDR counts alone (RFC 3875, section 4.1.8):
/// other names of the client's address are the client's own words.
struct StatusPage: Sendable {
    let path: StatusPath
    let allowed: ClientNetworks
    let report: @Sendable () -> StatusReport?

    /// What can be asked for.
    private enum Form {
        case text, json, prometheus, html, css, script

        init(_ query: Query) {
            if query["json"] != nil {
                self = .json
            } else if query["prometheus"] != nil {
                self = .prometheus
            } else if query["html"] != nil {
                self = .html
            } else if query["css"] != nil {
                self = .css
            } else if query["js"] != nil {
                self = .script
            } else {
                self = .text
            }
        }
    }

    /// The answer to a request.
    /// - Returns: `nil` where something else is asked for.
    func answer(_ request: Request) -> Response? {
        guard request.method == "GET", isAsked(request) else { return nil }
        guard isAllowed(request) else { return Denial(kind: .refused, reason: "").response }
        switch Form(request.query) {
        case .html: return Self.part(PackageResources.status_html, "text/html; charset=utf-8")
        case .css: return Self.part(PackageResources.status_css, "text/css; charset=utf-8")
        case .script: return Self.part(PackageResources.status_js, "text/javascript; charset=utf-8")
        case .json: return counted("application/json") { $0.json }
        case .prometheus: return counted("text/plain; version=0.0.4; charset=utf-8") { $0.prometheus }
        case .text: return counted("text/plain; charset=utf-8") { $0.text }
        }
    }

    /// Whether a request is for this path.
    func isAsked(_ request: Request) -> Bool { request.path == path.text }

    private func isAllowed(_ request: Request) -> Bool {
        guard let address = request.parameters["REMOTE_ADDR"] else { return false }
        // nginx's name for whoever came by a Unix socket.
        return address == "unix:" || ClientNetworks.loopback.hold(address) || allowed.hold(address)
    }

    private func counted(_ type: String, _ write: (StatusReport) -> String) -> Response {
        guard let report = report() else {
            return Response(
                status: 503, headers: [Response.Header("Retry-After", "1")],
                body: Array("another process is adding up; try again\n".utf8))
        }
        return Response(contentType: type, headers: Self.headers, body: Array(write(report).utf8))
    }

    private static func part(_ bytes: [UInt8], _ type: String) -> Response {
        Response(contentType: type, headers: headers, body: bytes)
    }

    /// The page loads its own parts and nothing else, nobody may frame it, and nothing of it is kept.
    private static let headers = [
        Response.Header("Cache-Control", "no-store"), Response.Header("X-Content-Type-Options", "nosniff"),
        Response.Header("Referrer-Policy", "no-referrer"),
        Response.Header(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; "
                + "form-action 'none'; frame-ancestors 'none'"),
    ]
}
