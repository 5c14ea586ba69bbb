public import FoundationEssentials

/// One call that came in.
public struct APICall: Sendable {
    /// Its path, without the query.
    public let path: String
    /// Its method.
    public let method: String
    /// The parameters of its query, in order.
    public let query: [NamedValue]
    /// Its header fields, in order.
    public let headers: [NamedValue]
    /// Its body.
    public let body: [UInt8]
    /// When it came.
    public let time: Date
    /// What it was refused with: 0 where it was not, `nil` where a fault took the place of an answer.
    public internal(set) var errcode: Int?
    /// What a test had go wrong with it.
    public internal(set) var fault: InjectedFault?
}

extension APICall: CustomStringConvertible, CustomReflectable {
    /// The path and how it was answered; what it says, and the access token, stay out of descriptions.
    public var description: String { "\(method) \(path): \(errcode.map(String.init) ?? "no answer")" }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
