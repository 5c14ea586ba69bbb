internal import AsyncHTTPClient
internal import FastCGI
internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import OutboundHTTP

/// An account's URL, reached as the platform reaches it: over HTTP or HTTPS, following no redirect.
public struct HTTPTarget: CallbackTarget {
    /// The URL as typed on the platform's settings page; it may have a query of its own.
    public let url: String

    /// Creates a target.
    /// - Parameter url: The URL as typed on the platform's settings page, with any port.
    public init(_ url: String) { self.url = url }

    /// Sends one request on a connection of its own and waits for the whole answer.
    public func exchange(
        _ request: CallbackRequest, patience: Duration
    ) async throws(DeliveryFault) -> CallbackAnswer {
        try await within(patience) { progress throws(DeliveryFault) in
            do {
                let response = try await Self.client.execute(clientRequest(for: request), deadline: .distantFuture)
                var answer = CallbackAnswer(
                    status: Int(response.status.code),
                    headers: response.headers.map { NamedValue($0.name, $0.value) })
                progress.withLock { $0 = 0 }
                for try await buffer in response.body {
                    answer.body.append(contentsOf: buffer.readableBytesView)
                    guard answer.body.count <= answerLimit else { throw DeliveryFault.tooLarge(limit: answerLimit) }
                    let count = answer.body.count
                    progress.withLock { $0 = count }
                }
                return answer
            } catch {
                throw Self.fault(for: error, hasBegun: progress.withLock { $0 != nil })
            }
        }
    }

    private func clientRequest(for request: CallbackRequest) -> HTTPClientRequest {
        let query = request.queryString
        let mark = query.isEmpty ? "" : url.contains("?") ? "&" : "?"
        var clientRequest = HTTPClientRequest(url: url + mark + query)
        clientRequest.method = HTTPMethod(rawValue: request.method)
        for header in request.headers { clientRequest.headers.add(name: header.name, value: header.value) }
        clientRequest.headers.replaceOrAdd(name: "Connection", value: "close")
        if !request.body.isEmpty || request.method == "POST" { clientRequest.body = .bytes(request.body) }
        return clientRequest
    }

    private static func fault(for error: any Error, hasBegun: Bool) -> DeliveryFault {
        if let fault = error as? DeliveryFault { return fault }
        if error is HTTPParserError { return hasBegun ? .cutShort : .notHTTP }
        if let error = error as? HTTPClientError {
            if error == .remoteConnectionClosed { return .cutShort }
            return .unreachable("\(error)", advice: "check the address, the port and the network from here")
        }
        if let error = error as? NIOConnectionError {
            return error.connectionErrors.isEmpty
                ? .unreachable("the name cannot be looked up", advice: "check its spelling and its DNS records")
                : .unreachable(
                    "nothing accepts connections there",
                    advice: "start the web server, and check the port it listens at and the firewall")
        }
        if error is NIOSSLError || error is NIOSSLExtraError {
            return .unreachable(
                "TLS does not come about, or the certificate is not accepted",
                advice: "check the certificate's name, time and chain, and that the port is one for TLS")
        }
        // Reset, as by a server that closes without having read all.
        if let error = error as? IOError, [ECONNRESET, EPIPE].contains(error.errnoCode) { return .cutShort }
        return hasBegun
            ? .cutShort
            : .unreachable("the connection failed", advice: "check the address, the port and the network from here")
    }

    /// One for all targets, which lives as long as the process: a client has to be shut down by somebody else.
    ///
    /// It does nothing that the platform does not: no redirects, no second try, no compression, no kept connection.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow, decompression: .disabled)
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 4096
        configuration.refuseUnknownStatus()
        return HTTPClient(eventLoopGroup: .singletonMultiThreadedEventLoopGroup, configuration: configuration)
    }()
}
