internal import OfficialAccount

/// The keys under which handling keeps things in a store.
enum HandlingKeys {
    /// What is known of a message: the account's name, and what tells the message from all others of the account.
    static func message(_ message: Message, account: String) -> StoreKey {
        key("m", account, message.identity[...])
    }

    /// What waits to be collected by a sender.
    static func mailbox(sender: ArraySlice<UInt8>, account: String) -> StoreKey { key("b", account, sender) }

    /// A process's sign of life.
    static func heartbeat(owner: UInt64) -> StoreKey {
        StoreKey([UInt8(ascii: "h")] + withUnsafeBytes(of: owner.bigEndian, Array.init))
    }

    /// A name may hold any character but a control character, so that zero ends it.
    private static func key(_ kind: Unicode.Scalar, _ account: String, _ rest: ArraySlice<UInt8>) -> StoreKey {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(account.utf8.count + rest.count + 2)
        bytes.append(UInt8(ascii: kind))
        bytes.append(contentsOf: account.utf8)
        bytes.append(0)
        bytes.append(contentsOf: rest)
        return StoreKey(bytes)
    }
}
