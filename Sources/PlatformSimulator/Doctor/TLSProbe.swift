internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import NIOTLS

/// Makes a TLS connection, and says what about the certificate is not accepted.
struct TLSProbe {
    let address: WebAddress
    let patience: Duration
    /// A file of certificates that are trusted beside the system's.
    var trusting: String?
    /// Seconds since 1970.
    var now = Int64(time(nil))

    /// How long before its end a certificate is worth a warning: those that are renewed by themselves have been by then.
    private static let soon: Int64 = 14 * 86_400

    func step() async -> ExaminationStep {
        let end: Int64
        do {
            end = try await certificateEnd(verifying: .fullVerification)
        } catch {
            return .found(.tls, [await finding(error)], otherwise: "")
        }
        let days = (end - now) / 86_400
        let summary = "the certificate is accepted, and good for \(days) days"
        guard end - now < Self.soon else { return .well(.tls, summary) }
        let finding = Finding(
            .tlsExpiresSoon, "the certificate ends in \(days) days", "renew it, and let that happen by itself")
        return .found(.tls, [finding], otherwise: summary)
    }

    private func finding(_ error: any Error) async -> Finding {
        if let error = error as? NIOSSLExtraError, error == .failedToValidateHostname {
            return Finding(
                .tlsWrongHost, "the certificate is not for the name \(address.host)",
                "have one issued for this name, and let the web server use it for this name")
        }
        // What the certificate itself says, whoever issued it.
        guard let times = try? await certificateTimes() else {
            return Finding(
                .tlsHandshake, "TLS does not come about at port \(address.port) (\(Self.kind(error)))",
                "check that the web server speaks TLS there (listen … ssl), in version 1.2 or later")
        }
        if times.end < now {
            return Finding(
                .tlsExpired, "the certificate ended \((now - times.end) / 86_400) days ago",
                "renew it, and reload the web server")
        }
        if times.start > now {
            return Finding(
                .tlsNotYetValid, "the certificate's time has not begun",
                "check this machine's clock, and when the certificate was issued for")
        }
        return Finding(
            .tlsUntrusted, "the certificate was issued by nobody who is trusted, or comes without its chain",
            "use one of a public authority, and serve the whole chain (fullchain.pem), not the certificate alone")
    }

    private func certificateEnd(verifying verification: CertificateVerification) async throws -> Int64 {
        try await handshake(verification).end
    }

    private func certificateTimes() async throws -> (start: Int64, end: Int64) { try await handshake(.none) }

    private func handshake(_ verification: CertificateVerification) async throws -> (start: Int64, end: Int64) {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = verification
        if let trusting { configuration.additionalTrustRoots = [.file(trusting)] }
        let context = try NIOSSLContext(configuration: configuration)
        let name = address.isNumeric ? nil : address.host
        let done = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: Times.self)
        let channel: any Channel
        do {
            channel = try await ClientBootstrap(group: done.futureResult.eventLoop)
                .connectTimeout(TimeAmount(patience))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let operations = channel.pipeline.syncOperations
                        try operations.addHandler(NIOSSLClientHandler(context: context, serverHostname: name))
                        try operations.addHandler(HandshakeWatch(done: done))
                    }
                }.connect(host: address.host, port: address.port).get()
        } catch {
            done.fail(error)
            throw error
        }
        let timeout = channel.eventLoop.scheduleTask(in: TimeAmount(patience)) {
            done.fail(ChannelError.connectTimeout(TimeAmount(patience)))
        }
        defer {
            timeout.cancel()
            channel.close(promise: nil)
        }
        let times = try await done.futureResult.get()
        return (times.start, times.end)
    }

    /// A name for an error whose description may hold a library's paths.
    private static func kind(_ error: any Error) -> String {
        switch error {
        case NIOSSLError.handshakeFailed: "the handshake failed"
        case NIOSSLError.uncleanShutdown: "the server closed the connection"
        case ChannelError.connectTimeout: "no answer in time"
        default: "\(type(of: error))"
        }
    }

    fileprivate struct Times: Sendable {
        let start: Int64
        let end: Int64
    }
}

/// Waits for a handshake to end, and reads the certificate's times.
private final class HandshakeWatch: ChannelInboundHandler {
    typealias InboundIn = Any

    private let done: EventLoopPromise<TLSProbe.Times>

    init(done: EventLoopPromise<TLSProbe.Times>) { self.done = done }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event,
            let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
        {
            done.succeed(
                TLSProbe.Times(
                    start: Int64(certificate.notValidBefore), end: Int64(certificate.notValidAfter)))
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        done.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        done.fail(NIOSSLError.uncleanShutdown)
        context.fireChannelInactive()
    }
}
