import OfficialAccount
import Testing

@Suite("A typed message")
struct TypedMessageTests {
    @Test("text has its content and the menu message item that was tapped")
    func text() throws {
        let message = try #require(
            TextMessage(try Samples.message(type: "text", "<Content>你好</Content><bizmsgmenuid>101</bizmsgmenuid>")))
        #expect(message.content == "你好")
        #expect(message.menuID == "101")
        #expect(message.fromUserName == "oUser_0123456789abcdefghijkl")
        #expect(message.messageID == 6_272_960_105_994_287_618)
        #expect(TextMessage(try Samples.message(type: "text", "<Content></Content>"))?.content == "")
    }

    @Test("image has its address and media ID")
    func image() throws {
        let message = try #require(
            ImageMessage(try Samples.message(type: "image", "<PicUrl>http://p/1</PicUrl><MediaId> m1 </MediaId>")))
        #expect(message.pictureURL == "http://p/1")
        #expect(message.mediaID.rawValue == "m1")
    }

    @Test("voice has its format, and recognition and a second recording where the platform sends them")
    func voice() throws {
        let plain = try #require(
            VoiceMessage(try Samples.message(type: "voice", "<MediaId>m</MediaId><Format>amr</Format>")))
        #expect(plain.mediaID.rawValue == "m")
        #expect(plain.format == "amr")
        #expect(plain.recognition == nil)
        #expect(plain.mediaID16K == nil)
        let full = try #require(
            VoiceMessage(
                try Samples.message(
                    type: "voice",
                    "<MediaId>m</MediaId><Recognition>你好</Recognition><MediaId16K>k</MediaId16K>")))
        #expect(full.recognition == "你好")
        #expect(full.mediaID16K?.rawValue == "k")
    }

    @Test("video is of type video or shortvideo", arguments: ["video", "shortvideo"])
    func video(_ type: String) throws {
        let message = try #require(
            VideoMessage(
                try Samples.message(type: type, "<MediaId>m</MediaId><ThumbMediaId>t</ThumbMediaId>")))
        #expect(message.mediaID.rawValue == "m")
        #expect(message.thumbnailMediaID?.rawValue == "t")
    }

    @Test("location has coordinates as numbers with the text kept")
    func location() throws {
        let message = try #require(
            LocationMessage(
                try Samples.message(
                    type: "location",
                    "<Location_X>23.134521</Location_X><Location_Y>-113.3588030</Location_Y><Scale>20</Scale>"
                        + "<Label>位置</Label>")))
        #expect(message.latitude.value == 23.134521)
        #expect(message.longitude.value == -113.358803)
        #expect(message.longitude.text == "-113.3588030")
        #expect(message.scale == 20)
        #expect(message.label == "位置")
    }

    @Test(
        "location without two finite decimal numbers is none",
        arguments: [
            "nan", "NaN", "inf", "-infinity", "1e999", "0x1p3", "", "north", "1,5", "1 2", "--1", "1e", ".", "１",
        ])
    func coordinates(_ text: String) throws {
        let message = try Samples.message(
            type: "location", "<Location_X>\(text)</Location_X><Location_Y>1</Location_Y>")
        #expect(LocationMessage(message) == nil)
        #expect(message.fields.text("Location_X") == text)
    }

    @Test("link has a title, a description and an address")
    func link() throws {
        let message = try #require(
            LinkMessage(
                try Samples.message(
                    type: "link", "<Title>t</Title><Description>d</Description><Url>http://u/?a=1&amp;b=2</Url>")))
        #expect(message.title == "t")
        #expect(message.description == "d")
        #expect(message.url == "http://u/?a=1&b=2")
    }

    @Test("miniprogrampage has its page and picture")
    func miniProgramPage() throws {
        let message = try #require(
            MiniProgramPageMessage(
                try Samples.message(
                    type: "miniprogrampage",
                    "<Title>t</Title><AppId>wx1</AppId><PagePath>pages/index</PagePath><ThumbUrl>http://p</ThumbUrl>"
                        + "<ThumbMediaId>m</ThumbMediaId>")))
        #expect(message.title == "t")
        #expect(message.appID == "wx1")
        #expect(message.pagePath == "pages/index")
        #expect(message.thumbnailURL == "http://p")
        #expect(message.thumbnailMediaID?.rawValue == "m")
    }

    @Test("file has its key, MD5 and length")
    func file() throws {
        let message = try #require(
            FileMessage(
                try Samples.message(
                    type: "file",
                    "<Title>a.pdf</Title><Description>d</Description><FileKey>k</FileKey><FileMd5>5d41</FileMd5>"
                        + "<FileTotalLen>5000000000</FileTotalLen>")))
        #expect(message.title == "a.pdf")
        #expect(message.description == "d")
        #expect(message.fileKey == "k")
        #expect(message.fileMD5 == "5d41")
        #expect(message.fileTotalLength == 5_000_000_000)
    }

    @Test(
        "is none without what its type cannot do without, and the message keeps all there is",
        arguments: [
            "text", "image", "voice", "video", "shortvideo", "location", "link", "miniprogrampage", "file",
        ])
    func essentials(_ type: String) throws {
        let message = try Samples.message(type: type, "<MediaId> </MediaId><Other>1</Other>")
        #expect(TextMessage(message) == nil)
        #expect(ImageMessage(message) == nil)
        #expect(VoiceMessage(message) == nil)
        #expect(VideoMessage(message) == nil)
        #expect(LocationMessage(message) == nil)
        #expect(LinkMessage(message) == nil)
        #expect(MiniProgramPageMessage(message) == nil)
        #expect(FileMessage(message) == nil)
        #expect(AnyMessage(message).fields.text("Other") == "1")
    }

    @Test("is none for a message of another type")
    func otherType() throws {
        let everything =
            "<Content>c</Content><MediaId>m</MediaId><Location_X>1</Location_X><Location_Y>1</Location_Y><Url>u</Url>"
            + "<AppId>a</AppId><FileKey>k</FileKey>"
        let message = try Samples.message(type: "other", everything)
        #expect(TextMessage(message) == nil)
        #expect(ImageMessage(message) == nil)
        #expect(VoiceMessage(message) == nil)
        #expect(VideoMessage(message) == nil)
        #expect(LocationMessage(message) == nil)
        #expect(LinkMessage(message) == nil)
        #expect(MiniProgramPageMessage(message) == nil)
        #expect(FileMessage(message) == nil)
    }
}
