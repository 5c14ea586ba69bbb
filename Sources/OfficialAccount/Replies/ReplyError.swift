/// Why a reply cannot be built.
public enum ReplyError: Error, Hashable {
    /// A news reply has no article.
    case noArticle
    /// A media ID is empty or holds white space or control characters.
    case invalidMediaID
}

extension ReplyError: CustomStringConvertible {
    /// What is wrong and what to do about it.
    public var description: String {
        switch self {
        case .noArticle: "a news reply needs at least one article; use .none where there is nothing to say"
        case .invalidMediaID:
            "a media ID is empty or has white space or control characters in it; use the MediaId of a message "
                + "or the media_id that an upload returned"
        }
    }
}
