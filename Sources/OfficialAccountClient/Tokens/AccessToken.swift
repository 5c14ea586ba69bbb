/// An access token and its times, in milliseconds since 1970: clocks that all processes and machines share.
struct AccessToken: Sendable, Equatable {
    /// The token itself. A secret.
    var value: String
    /// When it was fetched.
    var fetched: Int64
    /// When it ends.
    var end: Int64

    /// Whether it can be used.
    func isUsable(at now: Int64) -> Bool { now < end }

    /// Whether it is time to fetch the next one: shortly before the end of this one, which can still be used.
    ///
    /// The platform may hand out the same token again; then it is asked again after a while.
    func isDue(at now: Int64, _ timing: TokenTiming) -> Bool {
        now >= max(end - timing.lead, fetched + timing.leastAge)
    }
}

extension AccessToken {
    /// The token as it is kept in a store.
    var bytes: [UInt8] { Array("1 \(fetched) \(end) \(value)".utf8) }

    /// Reads what is kept in a store.
    /// - Returns: `nil` where it is something else.
    init?(_ bytes: [UInt8]) {
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "1", let fetched = Int64(parts[1]), let end = Int64(parts[2]),
            AccessToken.isValid(parts[3]), AccessToken.times.contains(fetched), AccessToken.times.contains(end)
        else { return nil }
        self.init(value: String(parts[3]), fetched: fetched, end: end)
    }

    /// Times that can be reckoned with, whatever else is written in the store.
    private static let times = 0...Int64.max / 2

    /// Whether a text can be a token: the platform advises to have room for 512 characters.
    static func isValid(_ text: some StringProtocol) -> Bool {
        (1...4096).contains(text.utf8.count) && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
}

extension AccessToken: CustomStringConvertible, CustomReflectable {
    /// The type's name; the value is a secret.
    var description: String { "AccessToken(hidden)" }
    /// A mirror without children; the value is a secret.
    var customMirror: Mirror { Mirror(self, children: []) }
}
