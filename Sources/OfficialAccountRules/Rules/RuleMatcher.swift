internal import OfficialAccount
internal import OfficialAccountBot

/// What a rule asks of a message's kind and content.
enum RuleMatcher: Sendable {
    /// What a rule asks of a text. Words are compared without regard to case, width and the space around them.
    enum TextTest: Sendable {
        case any
        case equal([String])
        case starts([String])
        case contains([String])
        case matches(Pattern, source: String)
    }

    /// What a rule asks of an event's key, compared exactly.
    enum KeyTest: Sendable {
        case any
        case equal([String])
        case starts([String])
    }

    case text(TextTest)
    case message(MessageType)
    case anyMessage
    case event(EventType, KeyTest)
    case anyEvent(KeyTest)

    /// Whether the message kinds it is for are those of the platform's pages, so that their fields are known.
    var isKnown: Bool {
        switch self {
        case .text, .anyMessage: true
        case .message(let type): Self.messageTypes.values.contains(type)
        case .event, .anyEvent: false
        }
    }

    /// Whether it can be for an event, whose answer has room for more articles.
    var isForEvents: Bool {
        switch self {
        case .event, .anyEvent: true
        case .text, .message, .anyMessage: false
        }
    }

    /// The keys of a rule that stand for a type of message each.
    static let messageTypes: [String: MessageType] = [
        "image": .image, "voice": .voice, "video": .video, "shortvideo": .shortVideo, "location": .location,
        "link": .link, "miniprogrampage": .miniProgramPage, "file": .file,
    ]
}

extension RuleMatcher {
    /// The handler of a bot for what it describes.
    func route(
        _ answer: nonisolated(nonsending) @escaping @Sendable (Message, Context) async throws -> Reply?
    ) -> Route {
        switch self {
        case .text(let test): Route(test.matcher) { try await answer($0.message, $1) }
        case .message(let type): Route(Matcher<AnyMessage>.message(type)) { try await answer($0.message, $1) }
        case .anyMessage: Route(Matcher<AnyMessage>.anyMessage) { try await answer($0.message, $1) }
        case .event(let type, let key):
            Route(key.narrowing(Matcher<AnyMessage>.event(type))) { try await answer($0.message, $1) }
        case .anyEvent(let key):
            Route(key.narrowing(Matcher<AnyMessage>.anyEvent)) { try await answer($0.message, $1) }
        }
    }
}

extension RuleMatcher.TextTest {
    fileprivate var matcher: Matcher<TextMessage> {
        switch self {
        case .any: .text
        case .equal(let words): .text(equalTo: words)
        case .starts(let words): .text(startingWith: words)
        case .contains(let words): .text(containing: words)
        case .matches(let pattern, _): .text(matching: pattern)
        }
    }
}

extension RuleMatcher.KeyTest {
    fileprivate func narrowing(_ matcher: Matcher<AnyMessage>) -> Matcher<AnyMessage> {
        switch self {
        case .any: matcher
        case .equal(let keys):
            matcher.where { event in keys.contains { $0.utf8.elementsEqual((event.eventKey ?? "").utf8) } }
        case .starts(let prefixes):
            matcher.where { event in prefixes.contains { (event.eventKey ?? "").utf8.starts(with: $0.utf8) } }
        }
    }
}
