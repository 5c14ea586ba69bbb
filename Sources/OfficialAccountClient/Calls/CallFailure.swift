internal import NIOHTTP1
internal import OfficialAccountBot
internal import OutboundHTTP

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
        if let failure = error as? CallFailure {
            self = failure
            return
        }
        self =
            switch ConnectionFailure(error) {
            case .timeLimit: unreachable("it did not answer in time; \(network)", .onlyOfRepeatableCalls)
            case .connectTimeLimit: unreachable("no connection in time; \(network)", .safe)
            case .noPlaceFree(let most):
                unreachable("\(most) other calls were under way for all the time; it answers slowly", .pointless)
            case .cancelled: unreachable("the call was cancelled", .pointless)
            case .stopping: unreachable("the program is stopping", .pointless)
            case .notConnected(let reason): unreachable("\(reason); \(network)", .safe)
            case .broken(let reason): unreachable("\(reason); \(network)", .onlyOfRepeatableCalls)
            case .notHTTP: .unreadable(call, "is not HTTP")
            case .other(let reason):
                unreachable(
                    "\(reason); \(network), and for TLS the clock and the certificates of this machine",
                    .onlyOfRepeatableCalls)
            }
    }
}
