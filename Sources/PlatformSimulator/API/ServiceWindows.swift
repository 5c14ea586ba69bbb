internal import FoundationEssentials

/// When the account may write to users by itself, and how often.
struct ServiceWindows: Sendable {
    /// What a user does to open a window.
    enum Act: Sendable {
        /// Writes.
        case write
        /// Taps a menu item, follows the account, or scans its code.
        case touch
    }

    private struct Window {
        let end: Date
        var left: Int
    }

    private var windows: [String: [Act: Window]] = [:]

    mutating func open(_ act: Act, for openID: String, now: Date) {
        windows[openID, default: [:]][act] =
            switch act {
            case .write: Window(end: now.addingTimeInterval(48 * 3600), left: 5)
            case .touch: Window(end: now.addingTimeInterval(60), left: 3)
            }
    }

    mutating func close(for openID: String) { windows[openID] = nil }

    /// Uses up one message, of the window that ends first.
    mutating func take(for openID: String, now: Date) throws(Refused) {
        let open = (windows[openID] ?? [:]).filter { $0.value.end > now }
        guard !open.isEmpty else { throw Refused(45015, "response out of time limit or subscription is canceled") }
        guard let act = open.filter({ $0.value.left > 0 }).min(by: { $0.value.end < $1.value.end })?.key else {
            throw Refused(45047, "out of response count limit")
        }
        windows[openID]?[act]?.left -= 1
    }
}
