/// What had to be changed in a reply so that the platform takes it; each is worth a line in the log.
public enum ReplyWarning: Sendable, Hashable {
    /// A text was longer than the platform takes; lengths in bytes of UTF-8.
    case textCut(from: Int, to: Int)
    /// There were more articles than the platform shows for this message.
    case articlesCut(from: Int, to: Int)
    /// Control characters, which XML cannot hold, were left out.
    case charactersDropped(count: Int)
    /// A text was empty, so that nothing is said at all.
    case textEmpty
}

extension ReplyWarning: CustomStringConvertible {
    /// One line for a log, without anything of the reply's content in it.
    public var description: String {
        switch self {
        case .textCut(let from, let to): "a text of \(from) bytes was cut to \(to), the platform takes no more"
        case .articlesCut(let from, let to): "\(from) articles were cut to \(to), the platform shows no more here"
        case .charactersDropped(let count): "\(count) control characters were left out of the reply"
        case .textEmpty: "the text of the reply is empty, so nothing is said"
        }
    }
}
