/// A message that has been accepted, with what its reply has to be sealed with.
public struct Delivery: Sendable {
    /// The message.
    public let message: Message

    /// What the request was signed with and, where it was encrypted, what opened it.
    let seal: Seal?

    /// The Token and key under which the message came, and the AppID it carried; its reply goes out under the same.
    struct Seal: Sendable {
        let token: ArraySlice<UInt8>
        let cipher: MessageCipher
        let appID: [UInt8]
    }

    /// Whether the message came encrypted; its reply is encrypted then too.
    public var isEncrypted: Bool { seal != nil }
}

extension Delivery.Seal: CustomStringConvertible, CustomReflectable {
    /// The type's name only: the Token and the key stay out of descriptions.
    var description: String { "Seal" }
    /// A mirror without children.
    var customMirror: Mirror { Mirror(self, children: []) }
}

extension Delivery: CustomStringConvertible, CustomReflectable {
    /// The message's type, event and number, and whether it came encrypted.
    public var description: String { "Delivery(\(message), encrypted: \(isEncrypted))" }
    /// A mirror of what the description shows.
    public var customMirror: Mirror { Mirror(self, children: ["message": message, "isEncrypted": isEncrypted]) }
}
