internal import OfficialAccount
internal import OfficialAccountBot

/// What a service or a program answered, as a reply.
///
/// It is read by its type and by looking: JSON, plain text, or the platform's XML. Nothing, `success`, and an HTTP status
/// of 204 say nothing to the user.
struct ServiceReply: Sendable, Equatable {
    var reply: Reply
    var change: SessionChange?

    /// Why an answer is no reply; a clause that follows "answered with".
    struct Unreadable: Error, Equatable {
        var what: String
    }

    /// Reads an answer.
    /// - Parameters:
    ///   - body: Its bytes.
    ///   - contentType: What its type is said to be; `nil` where nothing is said, as of a program.
    ///   - seal: What opens the platform's XML where it is encrypted.
    init(reading body: [UInt8], contentType: String? = nil, seal: PlatformSeal? = nil) throws(Unreadable) {
        let type = AnswerType(contentType)
        guard let whole = String(validating: body, as: UTF8.self) else {
            throw Unreadable(what: "bytes that are not UTF-8; \(Self.expected)")
        }
        let text = Self.trimmed(whole)
        // Bytes are compared: to compare strings Swift takes stacked accents apart, at a cost that grows with the square of
        // their number.
        if text.isEmpty || text.utf8.elementsEqual("success".utf8) {
            self.init(reply: .none)
            return
        }
        switch type {
        case .json: self = try Self.json(text)
        case .xml: self = try Self.xml(text, seal: seal)
        case .plain, .html, .unsaid: self = try Self.looked(at: text, type: type, seal: seal)
        case .other(let name): throw Unreadable(what: "\(name); \(Self.expected)")
        }
    }

    init(reply: Reply, change: SessionChange? = nil) {
        self.reply = reply
        self.change = change
    }

    /// Reads an answer whose type does not say what it is: web frameworks label what they are handed as HTML or as plain
    /// text, and a program's output has no label.
    private static func looked(
        at text: String, type: AnswerType, seal: PlatformSeal?
    ) throws(Unreadable) -> ServiceReply {
        switch text.utf8.first {
        case UInt8(ascii: "<"):
            if text.utf8.starts(with: "<xml".utf8) || text.utf8.starts(with: "<?xml".utf8) {
                return try xml(text, seal: seal)
            }
            let start = Array(String(decoding: text.utf8.prefix(16), as: UTF8.self).lowercased().utf8)
            let isPage = start.starts(with: "<!doctype".utf8) || start.starts(with: "<html".utf8)
            guard type == .html || isPage else { break }
            throw Unreadable(what: "HTML; \(expected)")
        case UInt8(ascii: "{"):
            // Text that only begins like JSON is a text where its type says so.
            guard type == .plain else { return try json(text) }
            if let reply = try? json(text) { return reply }
        case UInt8(ascii: "\"") where type == .unsaid:
            if let reply = try? json(text) { return reply }
        default: break
        }
        guard type != .html || !text.utf8.contains(UInt8(ascii: "<")) else {
            throw Unreadable(what: "HTML; \(expected)")
        }
        return ServiceReply(reply: .text(text))
    }

    static let expected = """
        expected is JSON such as {"type":"text","content":"…"}, plain text, or the platform's XML, in UTF-8
        """

    /// Without a byte order mark, and without white space at its ends.
    private static func trimmed(_ text: String) -> String {
        var rest = text[...]
        if rest.unicodeScalars.first == "\u{FEFF}" { rest.unicodeScalars.removeFirst() }
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }

    /// What the header Content-Type says.
    private enum AnswerType: Equatable {
        case json, xml, plain, html, unsaid
        /// Another type, as it may stand in a log.
        case other(String)

        init(_ header: String?) {
            let name = (header ?? "").prefix { $0 != ";" }.filter { !$0.isWhitespace }.lowercased()
            switch name {
            case "", "application/octet-stream", "binary/octet-stream": self = .unsaid
            case "application/json", "text/json": self = .json
            case "text/xml", "application/xml": self = .xml
            case "text/plain": self = .plain
            case "text/html", "application/xhtml+xml": self = .html
            case _ where name.hasSuffix("+json"): self = .json
            default:
                let isPlain = name.utf8.count <= 64 && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
                self = .other(isPlain ? "type \(name)" : "an unknown type")
            }
        }
    }
}

extension ServiceReply {
    /// Makes the change that the answer makes to the user's session.
    /// - Parameters:
    ///   - message: The message that is answered.
    ///   - context: What is known beside it.
    ///   - lifetime: For how many seconds a session is kept where the answer does not say.
    ///   - name: What the service is called in errors.
    /// - Returns: The reply.
    /// - Throws: ``ServiceError`` where the session cannot be kept.
    nonisolated(nonsending) func settled(
        _ message: Message, _ context: Context, lifetime: Double, name: String
    ) async throws(ServiceError) -> Reply {
        guard let change else { return reply }
        guard let sessions = context.sessions else {
            throw ServiceError(
                .noStore,
                "\(name) answered with a session, and there is no store to keep it in; set one in the settings")
        }
        do throws(StoreError) {
            try await change.apply(to: message.fromUserName, in: sessions, lifetime: lifetime)
        } catch {
            throw ServiceError(.sessionNotKept, "\(name) answered with a session that was not kept: \(error)")
        }
        return reply
    }
}
