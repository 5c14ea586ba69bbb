import OfficialAccount
import Testing

/// Seals a reply to a message that came unencrypted.
private func seal(_ reply: Reply, to type: String = "text", createTime: Int64 = 1_460_537_400) throws -> SealedReply {
    let callback = Callback(credentials: Credentials(token: try Token(parsing: Vectors.token)))
    let parts = [Vectors.token, Vectors.timestamp, Vectors.nonce].map(Samples.slice)
    let query = CallbackQuery(signature: Signature.signature(of: parts)[...], timestamp: parts[1], nonce: parts[2])
    let body = Samples.bytes(Samples.xml(type: type, type == "event" ? "<Event>CLICK</Event>" : ""))
    let delivery = try callback.open(body, query: query, now: 0, maxAge: 0)
    var generator = FixedGenerator()
    return callback.seal(reply, for: delivery, createTime: createTime, using: &generator)
}

private let head =
    "<xml><ToUserName><![CDATA[oUser_0123456789abcdefghijkl]]></ToUserName>"
    + "<FromUserName><![CDATA[gh_0123456789ab]]></FromUserName><CreateTime>1460537400</CreateTime>"

// swift-format-ignore: NeverForceUnwrap
private let mediaID = MediaID(rawValue: "m1")!

@Suite("A reply")
struct ReplyTests {
    private static let forms: [(reply: Reply, xml: String)] = [
        (.text("你好"), "<MsgType>text</MsgType><Content>你好</Content>"),
        (.image(mediaID: mediaID), "<MsgType>image</MsgType><Image><MediaId>m1</MediaId></Image>"),
        (.voice(mediaID: mediaID), "<MsgType>voice</MsgType><Voice><MediaId>m1</MediaId></Voice>"),
        (.video(mediaID: mediaID), "<MsgType>video</MsgType><Video><MediaId>m1</MediaId></Video>"),
        (
            .video(mediaID: mediaID, title: "t", description: "d"),
            """
            <MsgType>video</MsgType><Video><MediaId>m1</MediaId><Title>t</Title><Description>d</Description></Video>
            """
        ),
        (
            .music(Music(thumbnailMediaID: mediaID)),
            "<MsgType>music</MsgType><Music><ThumbMediaId>m1</ThumbMediaId></Music>"
        ),
        (
            .music(Music(title: "t", description: "d", url: "u", highQualityURL: "h", thumbnailMediaID: mediaID)),
            """
            <MsgType>music</MsgType><Music><Title>t</Title><Description>d</Description><MusicUrl>u</MusicUrl>\
            <HQMusicUrl>h</HQMusicUrl><ThumbMediaId>m1</ThumbMediaId></Music>
            """
        ),
        (
            .news(Article(title: "t", description: "d", pictureURL: "p", url: "u")),
            """
            <MsgType>news</MsgType><ArticleCount>1</ArticleCount><Articles><item><Title>t</Title>\
            <Description>d</Description><PicUrl>p</PicUrl><Url>u</Url></item></Articles>
            """
        ),
        (.transferToCustomerService(), "<MsgType>transfer_customer_service</MsgType>"),
        (
            .transferToCustomerService(account: "a@t"),
            "<MsgType>transfer_customer_service</MsgType><TransInfo><KfAccount>a@t</KfAccount></TransInfo>"
        ),
    ]

    @Test(
        "is written as the platform's page has it, with the names swapped and the time in seconds", arguments: forms)
    func written(reply: Reply, xml: String) throws {
        let sealed = try seal(reply)
        // Every text stands in a CDATA section, numbers do not.
        let expected = xml.replacing(#/>([^<]+)</#) { match in
            UInt64(match.1) == nil ? "><![CDATA[\(match.1)]]><" : ">\(match.1)<"
        }
        #expect(Samples.string(sealed.body) == head + expected + "</xml>")
        #expect(sealed.contentType == "text/xml; charset=utf-8")
        #expect(sealed.warnings.isEmpty)
    }

    @Test("of nothing is success")
    func none() throws {
        let sealed = try seal(.none)
        #expect(Samples.string(sealed.body) == "success")
        #expect(sealed.contentType == "text/plain")
        #expect(sealed.warnings.isEmpty)
    }

    @Test(
        "reads back as the text it was given",
        arguments: [
            "]]>", "a]]>b", "]]]]>>", "]]", "]", ">", "]]]>", "<![CDATA[x]]>", "&lt;<>&'\"", "😀👨‍👩‍👧", "line\nline\ttab",
            "\\n", " ",
            "]]><MsgType>event</MsgType>", "\u{EFFF}\u{F000}\u{FFFD}", "，。",
        ])
    func roundTrip(_ text: String) throws {
        let sealed = try seal(.text(text))
        let fields = try Fields(parsing: sealed.body)
        #expect(fields.text("Content") == text)
        #expect(fields.count == 5)
        #expect(sealed.warnings.isEmpty)
    }

    @Test(
        "goes out without what XML cannot hold, with a warning",
        arguments: [
            ("a\u{10}b\u{0}c", "abc", 2), ("\u{FFFE}x\u{FFFF}", "x", 2), ("]]\u{1F}>", "]]>", 1),
            ("]\u{1}]\u{2}>", "]]>", 2),
        ])
    func dropped(text: String, expected: String, count: Int) throws {
        let sealed = try seal(.text(text))
        #expect(try Fields(parsing: sealed.body).text("Content") == expected)
        #expect(sealed.warnings == [.charactersDropped(count: count)])
        let news = try seal(.news(Article(title: text, url: text)))
        #expect(try Fields(parsing: news.body)["Articles"]?.fields["item"]?.fields.text("Title") == expected)
        #expect(news.warnings == [.charactersDropped(count: 2 * count)])
    }

    @Test("goes out right wherever in a long text something special stands", arguments: 0...24)
    func specialAnywhere(_ place: Int) throws {
        try specialAnywhere(place, in: "abcdefghijklmnopqrstuvwx")
        try specialAnywhere(place, in: String(repeating: "你，", count: 12))
    }

    private func specialAnywhere(_ place: Int, in text: String) throws {
        let (head, tail) = (text.prefix(place), text.suffix(text.count - place))
        for (special, kept) in [("\u{1}", ""), ("\u{1F}", ""), ("\u{FFFE}", ""), ("]]>", "]]>"), ("\t", "\t")] {
            let sealed = try seal(.news(Article(title: head + special + tail, url: "")))
            let item = try Fields(parsing: sealed.body)["Articles"]?.fields["item"]
            #expect(item?.fields.text("Title") == head + kept + tail)
            #expect(sealed.warnings == (kept.isEmpty ? [.charactersDropped(count: 1)] : []))
        }
    }

    @Test("of an empty text is success, with a warning")
    func empty() throws {
        #expect(try seal(.text("")).warnings == [.textEmpty])
        let sealed = try seal(.text("\u{0}\u{10}"))
        #expect(Samples.string(sealed.body) == "success")
        #expect(sealed.contentType == "text/plain")
        #expect(sealed.warnings == [.charactersDropped(count: 2), .textEmpty])
    }

    @Test(
        "of a text is cut at 2,048 bytes of UTF-8 between characters, with a warning",
        arguments: [
            (String(repeating: "a", count: 2048), 2048), (String(repeating: "a", count: 2049), 2048),
            (String(repeating: "你", count: 683), 2046), ("a" + String(repeating: "😀", count: 512), 2045),
            (String(repeating: "👨‍👩‍👧", count: 120), 2034), (String(repeating: "a", count: 2047) + "e\u{301}", 2047),
            (String(repeating: "\r\n", count: 1025), 2048), ("a" + String(repeating: "\u{301}", count: 4000), 2047),
        ])
    func cut(text: String, expected: Int) throws {
        let sealed = try seal(.text(text))
        // A reader of XML gets a line feed for the two characters of a line end.
        let content = text.replacing("\r\n", with: "\n")
        let read = try #require(try Fields(parsing: sealed.body).text("Content"))
        #expect(content.unicodeScalars.starts(with: read.unicodeScalars))
        let wasCut = text.utf8.count > 2048
        #expect(sealed.warnings == (wasCut ? [.textCut(from: text.utf8.count, to: expected)] : []))
        if !text.contains("\r\n") { #expect(read.utf8.count == expected) }
    }

    @Test("of news has one article after a message and up to eight after an event, with a warning where it had more")
    func news() throws {
        let articles = (1...10).map { Article(title: "t\($0)", url: "u") }
        for (type, most) in [("text", 1), ("image", 1), ("event", 8)] {
            let sealed = try seal(.news(articles), to: type)
            let fields = try Fields(parsing: sealed.body)
            #expect(fields.text("ArticleCount") == "\(most)")
            let items = try #require(fields["Articles"]?.fields.all("item"))
            #expect(items.map { $0.fields.text("Title") } == articles.prefix(most).map(\.title))
            #expect(sealed.warnings == [.articlesCut(from: 10, to: most)])
        }
        #expect(try seal(.news(Array(articles.prefix(8))), to: "event").warnings.isEmpty)
    }

    @Test(
        "of which some parts have gone out leaves the others, cut anew",
        arguments: ["", "（未完）", String(repeating: "未完", count: 200)])
    func rest(notice: String) throws {
        let text = (0..<6_000).map { "第\($0)句，有字。" + ($0 % 7 == 0 ? "\n\n" : "") }.joined()
        func solid(_ texts: some Sequence<String>) -> String { texts.joined().filter { !$0.isWhitespace } }
        func texts(_ parts: [Reply]) -> [String] {
            parts.map { if case .text(let text) = $0.content { text } else { "?" } }
        }
        let most = 5
        let sent = texts(Reply.text(text).parts(notice: "", most: most))
        #expect(sent.count == most)
        for index in 0...most {
            let rest = texts(Reply.text(text).parts(from: index, most: most, notice: notice))
            #expect(rest.allSatisfy { $0.utf8.count <= Reply.longestText })
            let ending = "\n" + String(notice.prefix(170))
            let isNoted = rest.dropLast().allSatisfy { $0.hasSuffix(ending) }
            #expect(notice.isEmpty || isNoted)
            let bodies = rest.dropLast().map { notice.isEmpty ? $0 : String($0.dropLast(ending.count)) }
            #expect(solid(sent[index...]) == solid(bodies + rest.suffix(1)))
        }
        #expect(Reply.text("short").parts(from: 0, most: most, notice: notice) == [.text("short")])
        #expect(Reply.text("short").parts(from: 1, most: most, notice: notice) == [])
    }

    @Test("that cannot be right is an error where it is built")
    func errors() {
        #expect(throws: ReplyError.noArticle) { try Reply.news([]) }
        for wrong in ["", " ", "a b", "a\n", "\u{0}"] {
            #expect(throws: ReplyError.invalidMediaID) { try MediaID(wrong) }
            #expect(MediaID(rawValue: wrong) == nil)
        }
        #expect("\(ReplyError.noArticle)".contains(".none"))
    }

    @Test("keeps what it says out of descriptions")
    func descriptions() throws {
        let article = Article(title: "private", description: "private", url: "private")
        let music = Music(title: "private", thumbnailMediaID: mediaID)
        let replies = [
            Reply.text("private"), .news(article), .music(music), .video(mediaID: mediaID, title: "private"),
            .transferToCustomerService(account: "private"),
        ]
        let values: [Any] = replies + replies.map { $0.content as Any } + [article, music, try seal(.text("private"))]
        for value in values {
            var printed = "\(value)" + String(reflecting: value)
            dump(value, to: &printed)
            #expect(!printed.contains("private"))
        }
    }
}
