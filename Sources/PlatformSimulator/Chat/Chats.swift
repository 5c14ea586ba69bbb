internal import FastCGI

/// What the users of one account see, each in the order in which it came.
final class Chats: Sendable {
    private let entries = Locked<[String: [ChatEntry]]>([:])

    func show(_ content: ShownContent, by way: ChatEntry.Way, to openID: String) {
        let entry = ChatEntry(content: content, way: way, time: .now)
        entries.withLock { $0[openID, default: []].append(entry) }
    }

    func chat(of openID: String) -> [ChatEntry] { entries.withLock { $0[openID] ?? [] } }
}

/// Waits until something is there.
///
/// It looks every few milliseconds: what it waits for comes over the network, and a test should not depend on who is told
/// first.
func waiting<Value>(
    for time: Duration, isolation: isolated (any Actor)? = #isolation, _ value: () -> Value?
) async -> Value? {
    let end = ContinuousClock.now + time
    while true {
        if let value = value() { return value }
        guard ContinuousClock.now < end, (try? await Task.sleep(for: .milliseconds(5))) != nil else { return nil }
    }
}
