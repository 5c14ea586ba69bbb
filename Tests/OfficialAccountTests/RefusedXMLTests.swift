import OfficialAccount
import Testing

@Suite("A body that is no message")
struct RefusedXMLTests {
    @Test(
        "is refused where it is not well-formed XML",
        arguments: [
            "", " ", "hello", "{\"a\":1}", "<xml>", "<xml></xm>", "</xml>", "<xml/><xml/>", "<xml/>trailing",
            "<xml><a</xml>",
            "<xml><a>&unknown;</a></xml>", "<xml><![CDATA[</xml>", "<xml a=1/>", "<xml>]]></xml>", "leading<xml/>",
            "\u{FEFF}",
        ])
    func malformed(_ body: String) {
        do {
            _ = try Message(parsing: Samples.bytes(body))
            Issue.record("accepted")
        } catch {
            guard case .notXML = error else {
                Issue.record("\(error)")
                return
            }
        }
    }

    @Test(
        "is refused where the outermost element is another",
        arguments: [
            "<html></html>", "<XML></XML>", "<xmlx/>", "<xm/>", "<a:xml/>",
        ])
    func envelope(_ body: String) {
        #expect(throws: MessageError.notAnEnvelope) { try Message(parsing: Samples.bytes(body)) }
    }

    @Test(
        "is refused at its document type declaration, whatever that declares",
        arguments: [
            "<!DOCTYPE xml>",
            "<!DOCTYPE xml SYSTEM \"http://127.0.0.1/x.dtd\">",
            "<!DOCTYPE xml [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>",
            "<!DOCTYPE xml [<!ENTITY % p SYSTEM \"file:///etc/passwd\"> %p;]>",
            "<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]>",
            "<?xml version=\"1.0\"?>\n<!DOCTYPE xml [<!ATTLIST xml a CDATA \"1\">]>",
        ])
    func documentType(_ declaration: String) {
        let body = Samples.bytes(declaration + Samples.xml(type: "text", "<Content>&c;&a;</Content>"))
        #expect(throws: MessageError.documentType) { try Message(parsing: body) }
    }

    @Test("is refused where elements are nested 10,000 deep")
    func depth() throws {
        let deep = String(repeating: "<a>", count: 10_000) + String(repeating: "</a>", count: 10_000)
        #expect(throws: MessageError.tooDeep(limit: 32)) { try Fields(parsing: Samples.bytes("<xml>\(deep)</xml>")) }
        let most = String(repeating: "<a>", count: 31) + String(repeating: "</a>", count: 31)
        #expect(try Fields(parsing: Samples.bytes("<xml>\(most)</xml>")).count == 1)
    }

    @Test("is refused where it has a million elements")
    func elements() throws {
        let many = [UInt8]("<xml>".utf8) + [[UInt8]](repeating: [UInt8]("<a/>".utf8), count: 1_000_000).joined()
        #expect(throws: MessageError.tooLarge(limit: 1 << 20)) { try Fields(parsing: many) }
        let limits = MessageLimits(bytes: 1 << 26)
        #expect(throws: MessageError.tooManyElements(limit: 4096)) { try Fields(parsing: many, limits: limits) }
        let most = String(repeating: "<a/>", count: 4095)
        #expect(try Fields(parsing: Samples.bytes("<xml>\(most)</xml>")).count == 4095)
    }

    @Test("is refused at a size limit, and taken at exactly that size")
    func size() throws {
        let body = Samples.bytes(Samples.xml(type: "text"))
        #expect(throws: MessageError.tooLarge(limit: body.count - 1)) {
            try Message(parsing: body, limits: MessageLimits(bytes: body.count - 1))
        }
        _ = try Message(parsing: body, limits: MessageLimits(bytes: body.count))
    }

    @Test("is refused cut short at any byte")
    func truncated() throws {
        let body = Samples.bytes(
            "<?xml version=\"1.0\"?>" + Samples.xml(type: "text", "<Content><![CDATA[你好😀]]></Content><A>&amp;&#65;</A>")
        )
        for length in 0..<body.count {
            #expect(throws: MessageError.self) { try Message(parsing: Array(body[..<length])) }
        }
        _ = try Message(parsing: body)
    }

    @Test("is refused with one line for the log that holds nothing of it")
    func descriptions() {
        #expect("\(MessageError.notXML(line: 3))" == "the body is not well-formed XML, line 3")
        #expect("\(MessageError.missing(field: "MsgType"))" == "the message has no MsgType")
    }
}

@Suite("Fuzzed bodies")
struct FuzzTests {
    /// What a mutation may put in: what means something to an XML parser, and what it refuses.
    private static let dictionary: [[UInt8]] =
        [
            "<![CDATA[", "]]>", "]]", ">", "<", "&#", "&#x10;", "&#0;", "&amp;", "<!--", "-->", "<?", "?>",
            "<!DOCTYPE xml [",
            "<xml>", "</xml>", "<a>", "</a>", "<a/>", "\u{FEFF}", "'", "\"", "=", "<MsgType>", "event",
        ].map { Array($0.utf8) } + [[0], [0x10], [0xFF], [0xEF, 0xBF, 0xBE], [0xED, 0xA0, 0x80], [0xF0, 0x9F]]

    @Test("are read or refused, never a crash, and what is read can be answered", arguments: 0..<8 as Range<UInt64>)
    func mutations(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let original = Samples.bytes(
            "<?xml version=\"1.0\"?>" + Samples.xml(type: "event", "<Event>x</Event><A><B>1</B>\u{10}<![CDATA[]]]></A>")
        )
        var read = 0
        for _ in 0..<1500 {
            var body = original
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let place = Int.random(in: 0...body.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: body.insert(contentsOf: Self.dictionary.randomElement(using: &generator) ?? [], at: place)
                case 1 where place < body.count: body[place] = .random(in: 0...255, using: &generator)
                case 2 where place < body.count: body.remove(at: place)
                default: body.removeSubrange(place..<min(body.count, place + Int.random(in: 0..<12, using: &generator)))
                }
            }
            guard let message = try? Message(parsing: body) else { continue }
            read += 1
            #expect(message.fields.count == message.fields.map(\.text).count)
            // All that was read is text that XML can hold, so that it can go into a reply as it is.
            let text = message.fields.map(\.text).joined()
            #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 || "\t\n\r".unicodeScalars.contains($0) })
        }
        #expect(read > 50)
    }
}
