internal import OfficialAccount

/// The keys under which handling keeps things in a store.
enum HandlingKeys {
    /// What is known of a message: the account, and what tells the message from all others of the account.
    static func message(_ message: Message, account: String) -> StoreKey {
        var bytes = beginning("m", account, 64)
        message.appendIdentity(to: &bytes)
        return StoreKey(bytes)
    }

    /// What waits to be collected by a sender.
    static func mailbox(sender: ArraySlice<UInt8>, account: String) -> StoreKey {
        var bytes = beginning("b", account, sender.count)
        bytes.append(contentsOf: sender)
        return StoreKey(bytes)
    }

    /// What is kept of a user between their messages.
    static func session(of openID: String, account: String) -> StoreKey {
        var bytes = beginning("s", account, openID.utf8.count)
        bytes.append(contentsOf: openID.utf8)
        return StoreKey(bytes)
    }

    /// A process's sign of life.
    static func heartbeat(owner: UInt64) -> StoreKey {
        StoreKey([UInt8(ascii: "h")] + withUnsafeBytes(of: owner.bigEndian, Array.init))
    }

    /// The processes that may owe answers by customer service.
    static let debtors = StoreKey([UInt8(ascii: "d")])

    /// The message for which a process owes an answer by customer service, at one of the process's places.
    static func debt(of owner: UInt64, place: Int) -> StoreKey {
        var bytes = [UInt8(ascii: "d")]
        withUnsafeBytes(of: (owner.bigEndian, UInt64(truncatingIfNeeded: place).bigEndian)) {
            bytes.append(contentsOf: $0)
        }
        return StoreKey(bytes)
    }

    /// The account that a message came to, as the message's key says.
    static func account(ofMessage key: StoreKey) -> String {
        String(decoding: key.bytes.dropFirst().prefix { $0 != 0 }, as: UTF8.self)
    }

    /// A name may hold any character but a control character, so that zero ends it.
    private static func beginning(_ kind: Unicode.Scalar, _ account: String, _ rest: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(account.utf8.count + rest + 2)
        bytes.append(UInt8(ascii: kind))
        bytes.append(contentsOf: account.utf8)
        bytes.append(0)
        return bytes
    }
}
