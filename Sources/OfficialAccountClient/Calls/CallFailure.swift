internal import AsyncHTTPClient
internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import OfficialAccountBot

/// Why one attempt at a call failed, and whether another one may be made.
struct CallFailure: Error {
    enum Repetition {
        /// The platform did not do what it was asked for.
        case safe
        /// It may have done it.
        case onlyOfRepeatableCalls
        /// It would fail again.
        case pointless
    }

    var error: PlatformError
    var repetition: Repetition

    func allowsRepetition(of call: Call) -> Bool {
        switch repetition {
        case .safe: true
        case .onlyOfRepeatableCalls: call.isRepeatable
        case .pointless: false
        }
    }
}

extension CallFailure {
    static func unreadable(_ call: Call, _ what: String) -> CallFailure {
        CallFailure(
            error: PlatformError(
                .unreadable,
                "the answer to \(call.name) \(what); check that the platform's address is right and that no proxy answers"
            ),
            repetition: .pointless)
    }

    /// What a status other than 200 says.
    static func status(_ status: HTTPResponseStatus, _ call: Call) -> CallFailure {
        guard status.code >= 500 else { return unreadable(call, "has HTTP status \(status.code)") }
        return CallFailure(
            error: PlatformError(
                .unreachable,
                "\(call.name) was answered with HTTP status \(status.code); the platform or a proxy is down"),
            // A gateway that lost the answer says 502 or 504.
            repetition: status == .serviceUnavailable ? .safe : .onlyOfRepeatableCalls)
    }

    /// What the connection's error says.
    init(_ error: any Error, _ call: Call, host: String) {
        func unreachable(_ why: String, _ repetition: Repetition) -> CallFailure {
            CallFailure(
                error: PlatformError(.unreachable, "\(host) could not be reached for \(call.name): \(why)"),
                repetition: repetition)
        }
        let network = "check the network, the name server and the firewall"
        switch error {
        case let failure as CallFailure: self = failure
        case is TimeLimitExceeded:
            self = unreachable("it did not answer in time; \(network)", .onlyOfRepeatableCalls)
        case is CancellationError: self = unreachable("the call was cancelled", .pointless)
        case ChannelError.ioOnClosedChannel, is EventLoopError:
            self = unreachable("the program is stopping", .pointless)
        case ChannelError.connectTimeout: self = unreachable("no connection in time; \(network)", .safe)
        case let error as NIOConnectionError:
            let reasons = error.connectionErrors.map { CallFailure.reason($0.error) }
            self = unreachable("\(reasons.first ?? "its name was not found"); \(network)", .safe)
        case let error as IOError:
            self = unreachable(
                "\(CallFailure.reason(error)); \(network)",
                error.errnoCode == ECONNREFUSED ? .safe : .onlyOfRepeatableCalls)
        case is HTTPParserError: self = .unreadable(call, "is not HTTP")
        case let error as HTTPClientError:
            self =
                switch error {
                case .alreadyShutdown: unreachable("the program is stopping", .pointless)
                case .cancelled: unreachable("the call was cancelled", .pointless)
                case .connectTimeout, .getConnectionFromPoolTimeout, .tlsHandshakeTimeout:
                    unreachable("no connection in time; \(network)", .safe)
                default: unreachable("\(error.shortDescription.lowercased()); \(network)", .onlyOfRepeatableCalls)
                }
        default:
            // A library's description may hold anything; the name of its type tells enough, such as NIOSSLError.
            self = unreachable(
                "\(type(of: error)); \(network), and for TLS the clock and the certificates of this machine",
                .onlyOfRepeatableCalls)
        }
    }

    private static func reason(_ error: any Error) -> String {
        guard let error = error as? IOError else { return "no connection (\(type(of: error)))" }
        return String(cString: strerror(error.errnoCode)).lowercased()
    }
}
