internal import NIOConcurrencyHelpers
internal import NIOCore

/// The places for calls to hosts: no host has more calls at a time than connections, and who finds none free waits in
/// line until one is.
///
/// The client has a line of its own, but takes the wait in it for the making of a connection, which may last a few seconds
/// only: calls that a host answers slowly would fail others.
final class HTTPPlaces: Sendable {
    private struct Waiter {
        var number: UInt64
        var continuation: CheckedContinuation<Bool, Never>
    }

    private struct Host {
        var taken = 0
        var waiting = CircularBuffer<Waiter>()
    }

    private struct State {
        var lastNumber: UInt64 = 0
        /// Those to which there is a call.
        var hosts: [String: Host] = [:]
    }

    let mostPerHost: Int
    private let state = NIOLockedValueBox(State())

    init(mostPerHost: Int) { self.mostPerHost = mostPerHost }

    /// Takes a place where one is free.
    func takeAtOnce(at host: String) -> HTTPPlace? {
        let isFree = state.withLockedValue { state in
            guard state.hosts[host]?.taken ?? 0 < mostPerHost else { return false }
            state.hosts[host, default: Host()].taken += 1
            return true
        }
        return isFree ? HTTPPlace(host, self) : nil
    }

    /// Takes a place, and waits for one where none is free.
    /// - Throws: `CancellationError`.
    func take(at host: String) async throws -> HTTPPlace {
        let number = state.withLockedValue { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        let isTaken = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isTaken: Bool? = state.withLockedValue { state in
                    // Who cancels from now on finds it in the line.
                    if Task.isCancelled { return false }
                    if state.hosts[host]?.taken ?? 0 < mostPerHost {
                        state.hosts[host, default: Host()].taken += 1
                        return true
                    }
                    state.hosts[host]?.waiting.append(Waiter(number: number, continuation: continuation))
                    return nil
                }
                if let isTaken { continuation.resume(returning: isTaken) }
            }
        } onCancel: {
            let waiter = state.withLockedValue { state in
                state.hosts[host]?.waiting.firstIndex { $0.number == number }
                    .flatMap { state.hosts[host]?.waiting.remove(at: $0) }
            }
            waiter?.continuation.resume(returning: false)
        }
        guard isTaken else { throw CancellationError() }
        return HTTPPlace(host, self)
    }

    /// Gives a place to whoever waits longest.
    fileprivate func giveBack(_ host: String) {
        let heir: Waiter? = state.withLockedValue { state in
            if let heir = state.hosts[host]?.waiting.popFirst() { return heir }
            state.hosts[host]?.taken -= 1
            if state.hosts[host]?.taken == 0 { state.hosts[host] = nil }
            return nil
        }
        heir?.continuation.resume(returning: true)
    }
}

/// A place for one call to a host, free again when nothing refers to it any more.
package final class HTTPPlace: Sendable {
    private let host: String
    private let places: HTTPPlaces

    fileprivate init(_ host: String, _ places: HTTPPlaces) {
        self.host = host
        self.places = places
    }

    deinit { places.giveBack(host) }
}

/// All connections to a host were in use for as long as a call could wait.
package struct NoPlaceFree: Error {
    /// How many there are.
    package let most: Int
}
