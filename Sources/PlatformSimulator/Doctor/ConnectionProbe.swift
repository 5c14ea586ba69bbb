internal import Glibc
internal import NIOCore
internal import NIOPosix

/// Opens a connection and closes it again.
enum ConnectionProbe {
    static func step(_ address: WebAddress, patience: Duration) async -> ExaminationStep {
        let place = "\(address.host), port \(address.port)"
        let start = ContinuousClock.now
        do {
            let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connectTimeout(TimeAmount(patience)).connect(host: address.host, port: address.port).get()
            try? await channel.close()
            return .well(.connection, "\(place) accepts connections (\((ContinuousClock.now - start).brief))")
        } catch {
            return .found(.connection, [finding(error, place)], otherwise: "")
        }
    }

    private static func finding(_ error: any Error, _ place: String) -> Finding {
        let failure = ConnectionFailure(error)
        if failure.numbers.contains(ECONNREFUSED) {
            return Finding(
                .connectionRefused, "nothing listens at \(place)",
                "start the web server, and check the port it listens at and the firewall")
        }
        if failure.isTimeout {
            return Finding(
                .connectionTimeout, "\(place) does not answer",
                "open the port in the firewall and in the security group of the machine")
        }
        return Finding(
            .connectionFailed, "no connection to \(place): \(failure.reason)",
            "check the address and the network from here")
    }
}

extension Duration {
    /// The time for people: `12 ms`, `3.4 s`.
    package var brief: String {
        let milliseconds = Int64(self / .milliseconds(1))
        if milliseconds < 1000 { return "\(milliseconds) ms" }
        let tenths = (milliseconds + 50) / 100
        return tenths.isMultiple(of: 10) ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
    }
}
