public import OfficialAccount

extension Matcher where M == TextMessage {
    /// Any text.
    public static var text: Matcher { Matcher(.message(.text)) }

    /// A text that equals one of some words, whatever the case, the width (`ＡＢＣ` is `abc`) and the space around it.
    /// - Parameter words: The words.
    public static func text(equalTo words: String...) -> Matcher { text(equalTo: words) }

    /// A text that equals one of some words, whatever the case, the width (`ＡＢＣ` is `abc`) and the space around it.
    /// - Parameter words: The words; with none of them, nothing matches.
    public static func text(equalTo words: [String]) -> Matcher {
        Matcher(.message(.text), words: Set(words.map(folded)))
    }

    /// A text that starts with a word, whatever the case, the width and the space before it.
    /// - Parameter word: The word.
    public static func text(startingWith word: String) -> Matcher { text(startingWith: [word]) }

    /// A text that starts with one of some words, whatever the case, the width and the space before it.
    /// - Parameter words: The words; with none of them, nothing matches.
    public static func text(startingWith words: [String]) -> Matcher {
        Matcher(.message(.text), textTest: .starts(words.map { Array(folded($0).utf8) }))
    }

    /// A text that contains a word, whatever the case and the width. The first 64 KiB of the text are
    /// looked at, which is more than anybody types.
    /// - Parameter word: The word.
    public static func text(containing word: String) -> Matcher { text(containing: [word]) }

    /// A text that contains one of some words, whatever the case and the width. The first 64 KiB of the
    /// text are looked at, which is more than anybody types.
    /// - Parameter words: The words; with none of them, nothing matches.
    public static func text(containing words: [String]) -> Matcher {
        Matcher(.message(.text), textTest: .contains(words.map { SearchedWord(folded($0).utf8) }))
    }

    /// A text in which a pattern is found; its groups are in ``Context/captures``. The first 64 KiB of the text are looked
    /// at, and all patterns together may take ``Pattern/mostStepsPerMessage``.
    /// - Parameters:
    ///   - pattern: A Perl-compatible regular expression (PCRE2), in UTF mode. Anchor it to match the whole text.
    ///   - limits: How much work one text may cause with this pattern.
    /// - Throws: ``PatternError`` where the pattern does not compile.
    public static func text(
        matching pattern: String, limits: Pattern.Limits = Pattern.Limits()
    ) throws(PatternError) -> Matcher {
        text(matching: try Pattern(pattern, limits: limits))
    }

    /// A text in which a pattern is found; its groups are in ``Context/captures``. The first 64 KiB of the text are looked
    /// at, and all patterns together may take ``Pattern/mostStepsPerMessage``.
    /// - Parameter pattern: The pattern.
    public static func text(matching pattern: Pattern) -> Matcher {
        Matcher(.message(.text), textTest: .matches(pattern))
    }
}

extension Matcher where M == ImageMessage {
    /// An image.
    public static var image: Matcher { Matcher(.message(.image)) }
}

extension Matcher where M == VoiceMessage {
    /// A voice recording.
    public static var voice: Matcher { Matcher(.message(.voice)) }
}

extension Matcher where M == VideoMessage {
    /// A video.
    public static var video: Matcher { Matcher(.message(.video)) }
    /// A video taken in the chat (小视频).
    public static var shortVideo: Matcher { Matcher(.message(.shortVideo)) }
}

extension Matcher where M == LocationMessage {
    /// A place that the user sent; for the position that the platform reports see ``locationEvent``.
    public static var location: Matcher { Matcher(.message(.location)) }
}

extension Matcher where M == LinkMessage {
    /// A link.
    public static var link: Matcher { Matcher(.message(.link)) }
}

extension Matcher where M == MiniProgramPageMessage {
    /// A card of a mini program.
    public static var miniProgramPage: Matcher { Matcher(.message(.miniProgramPage)) }
}

extension Matcher where M == FileMessage {
    /// A file.
    public static var file: Matcher { Matcher(.message(.file)) }
}

extension Matcher where M == AnyMessage {
    /// Every message and every event.
    public static var any: Matcher { Matcher(.any) }
    /// Every message, no event.
    public static var anyMessage: Matcher { Matcher(.anyMessage) }
    /// Every event, no message.
    public static var anyEvent: Matcher { Matcher(.anyEvent) }

    /// A message of a type by its name, known to this library or not.
    /// - Parameter type: Its MsgType.
    public static func message(_ type: MessageType) -> Matcher { Matcher(.message(type)) }

    /// An event by its name, known to this library or not.
    /// - Parameter type: Its Event, such as `"card_pass_check"`.
    public static func event(_ type: EventType) -> Matcher { Matcher(.event(type)) }

    /// An event by its name and its key.
    /// - Parameters:
    ///   - type: Its Event.
    ///   - key: Its EventKey.
    public static func event(_ type: EventType, key: String) -> Matcher { Matcher(.event(type)).eventKey(key) }
}
