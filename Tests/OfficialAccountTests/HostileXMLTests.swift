import OfficialAccount
import Testing

@Suite("A body that XML by the book refuses")
struct HostileXMLTests {
    @Test("is read without the control characters in it", arguments: Array(0...0x1F) + [0x7F] as [UInt8])
    func controls(_ byte: UInt8) throws {
        let kept: [UInt8] = [0x09, 0x0A, 0x7F].contains(byte) ? [byte] : byte == 0x0D ? [0x0A] : []
        let expected = Samples.string(Samples.bytes("a") + kept + Samples.bytes("b"))
        let inCDATA = Samples.bytes("<![CDATA[a") + [byte] + Samples.bytes("b]]>")
        #expect(try Samples.text(content: inCDATA)?.content == expected)
        let plain = Samples.bytes("a") + [byte] + Samples.bytes("b")
        #expect(try Samples.text(content: plain)?.content == expected)
    }

    @Test("is read without a control character wherever in a long text it stands", arguments: 0...24)
    func controlAnywhere(_ place: Int) throws {
        let text = Samples.bytes("你好abcdefghijklmnopqr")
        for (special, kept) in [([0x01], ""), ([0x1F], ""), ([0xFF], "\u{FFFD}"), (Samples.bytes("&#1;"), "")] {
            // In the middle of a character it would be another case.
            guard place >= 6 || place % 3 == 0 else { continue }
            let content = Array(text[..<place]) + special + Array(text[place...])
            let expected = Samples.string(text[..<place]) + kept + Samples.string(text[place...])
            #expect(try Samples.text(content: content)?.content == expected)
        }
    }

    @Test(
        "is read with U+FFFD in place of what is not UTF-8",
        arguments: [
            ([0xFF], "\u{FFFD}"), ([0x80], "\u{FFFD}"), ([0xC0, 0xAF], "\u{FFFD}\u{FFFD}"), ([0xC3], "\u{FFFD}"),
            ([0xE4, 0xBD], "\u{FFFD}"), ([0xED, 0xA0, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}"),
            ([0xF0, 0x9F, 0x98], "\u{FFFD}"),
            ([0xF4, 0x90, 0x80, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"), ([0xEF, 0xBF, 0xBE], "\u{FFFD}"),
            ([0xEF, 0xBF, 0xBF], "\u{FFFD}"), ([0xEF, 0xBF, 0xBD], "\u{FFFD}"),
            ([0xE4, 0xBD, 0xA0, 0xFE], "你\u{FFFD}"),
            ([0xF8, 0x88, 0x80, 0x80, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"),
        ] as [([UInt8], String)])
    func invalidUTF8(bytes: [UInt8], expected: String) throws {
        #expect(
            try Samples.text(content: Samples.bytes("<![CDATA[") + bytes + Samples.bytes("]]>"))?.content == expected)
        #expect(try Samples.text(content: bytes)?.content == expected)
    }

    @Test(
        "is read without numeric references to control characters, others become U+FFFD",
        arguments: [
            ("a&#x10;b", "ab"), ("a&#16;b", "ab"), ("a&#0;b", "ab"), ("a&#x0000;b", "ab"), ("&#xFFFE;", "\u{FFFD}"),
            ("&#65535;", "\u{FFFD}"), ("&#xD800;", "\u{FFFD}"), ("&#xdfff;", "\u{FFFD}"), ("&#x110000;", "\u{FFFD}"),
            ("&#99999999999999999999999;", "\u{FFFD}"), ("&#x41;&#10;&#128512;", "A\n😀"), ("&#xFFFD;", "\u{FFFD}"),
            ("<![CDATA[&#x10;]]>", "&#x10;"), ("<![CDATA[]]&#0;]]>&#0;", "]]&#0;"), ("<!-- &#0; -->&#x1;x", "x"),
            ("<?p &#0; ?>&#x1;x", "x"), ("]]&#1;&gt;", "]]>"), ("]]&#1;>", "]]>"),
        ])
    func references(xml: String, expected: String) throws {
        #expect(try Samples.text(content: Samples.bytes(xml))?.content == expected)
    }

    @Test("keeps wrong references an error", arguments: ["&#;", "&#x;", "&#xG;", "&#1", "&#0x1;", "&", "&#X10;"])
    func wrongReferences(_ xml: String) {
        #expect(throws: MessageError.self) { try Samples.text(content: Samples.bytes(xml)) }
    }

    @Test("does not let a left-out character end a CDATA section: what a user wrote stays text")
    func joinedEnd() throws {
        let attack = Samples.bytes("]]\u{10}><MsgType>event</MsgType><![CDATA[")
        let message = try #require(
            try Samples.text(content: Samples.bytes("<![CDATA[") + attack + Samples.bytes("]]>")))
        #expect(message.content == "]]><MsgType>event</MsgType><![CDATA[")
        #expect(message.message.type == .text)
        #expect(message.fields.all("MsgType").count == 1)
    }

    @Test(
        "is read behind a byte order mark, white space and a declaration of any encoding",
        arguments: [
            "\u{FEFF}", "\n \t\r\n", "\u{FEFF}\n", "<?xml version=\"1.0\"?>", "\u{FEFF}<?xml version=\"1.0\"?>\n",
            "\n<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<?xml version='1.0' encoding='GBK'?>",
            "<?xml version='1.0' encoding='UTF-16'?>", "<!-- hello -->", "<?go now?>",
        ])
    func beginnings(_ beginning: String) throws {
        let xml = beginning + Samples.xml(type: "text", "<Content>你好</Content>") + "\n\n"
        #expect(TextMessage(try Message(parsing: Samples.bytes(xml)))?.content == "你好")
    }

    @Test("is refused in UTF-16", arguments: [false, true])
    func utf16(withMark: Bool) {
        let units = Array(((withMark ? "\u{FEFF}" : "") + Samples.xml(type: "text")).utf16)
        let little = units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let big = units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        for body in [little, big] {
            #expect(throws: MessageError.notXML(line: 1)) { try Message(parsing: body) }
        }
    }
}

@Suite("The text of an element")
struct ElementTextTests {
    @Test(
        "comes from character data, CDATA and entities alike",
        arguments: [
            ("<![CDATA[a]]]]><![CDATA[>b]]>", "a]]>b"), ("&lt;a&gt; &amp; &quot;b&apos;", "<a> & \"b'"),
            ("<![CDATA[<b>&amp;]]>", "<b>&amp;"), ("a<![CDATA[b]]>c", "abc"), ("<![CDATA[]]>", ""),
            ("<![CDATA[]]]]>", "]]"), ("<![CDATA[👨‍👩‍👧😀]]>", "👨‍👩‍👧😀"), ("a<!-- b -->c", "ac"), ("a<?b c?>d", "ad"),
            ("a\r\nb\rc", "a\nb\nc"), ("  ", "  "),
        ])
    func forms(xml: String, expected: String) throws {
        #expect(try Samples.text(content: Samples.bytes(xml))?.content == expected)
    }

    @Test("is its own where elements stand between, without the white space that separates them")
    func mixed() throws {
        let xml = "<xml>\n <A>\n one <B>two</B>\n<C> </C> three\n<B/></A>\n</xml>"
        let fields = try Fields(parsing: Samples.bytes(xml))
        let element = try #require(fields["A"])
        #expect(element.text == "\n one  three\n")
        #expect(element.fields.map(\.name) == ["B", "C", "B"])
        #expect(element.fields.map(\.text) == ["two", " ", ""])
    }

    @Test("is read whole where text and elements alternate thousands of times")
    func alternating() throws {
        let body =
            Samples.bytes("<xml><Outer>") + Array(repeating: UInt8(ascii: "y"), count: 500_000)
            + Samples.bytes(String(repeating: "x<a/>", count: 4000) + "</Outer></xml>")
        let outer = try #require(try Fields(parsing: body)["Outer"])
        #expect(outer.fields.count == 4000)
        #expect(outer.utf8.count == 504_000)
    }

    @Test("is copied once however often elements stand between")
    func manyPieces() throws {
        let xml = "<xml><A>" + String(repeating: "x<b/>", count: 4000) + "</A></xml>"
        let element = try #require(try Fields(parsing: Samples.bytes(xml))["A"])
        #expect(element.text == String(repeating: "x", count: 4000))
        #expect(element.fields.count == 4000)
    }

    @Test("has no attributes, and prefixes stay part of names")
    func attributes() throws {
        let fields = try Fields(parsing: Samples.bytes("<xml a=\"1\" xmlns:n=\"u\"><n:A b='2'>t</n:A></xml>"))
        #expect(fields.map(\.name) == ["n:A"])
        #expect(fields.text("n:A") == "t")
    }
}
