import OfficialAccount
import Testing

@Suite("A typed event")
struct TypedEventTests {
    @Test("subscribe has the scene of the QR code without its prefix, where there was one")
    func subscribe() throws {
        let scanned = try #require(
            SubscribeEvent(
                try Samples.event("subscribe", "<EventKey>qrscene_123</EventKey><Ticket>T1</Ticket>")))
        #expect(scanned.sceneKey == "123")
        #expect(scanned.eventKey == "qrscene_123")
        #expect(scanned.ticket == "T1")
        #expect(scanned.messageID == nil)
        let plain = try #require(SubscribeEvent(try Samples.event("subscribe", "<EventKey></EventKey>")))
        #expect(plain.sceneKey == nil)
        #expect(plain.eventKey == nil)
        #expect(plain.ticket == nil)
        let other = try #require(SubscribeEvent(try Samples.event("subscribe", "<EventKey>last_trade</EventKey>")))
        #expect(other.sceneKey == nil)
        #expect(other.eventKey == "last_trade")
    }

    @Test("unsubscribe needs nothing")
    func unsubscribe() throws {
        #expect(UnsubscribeEvent(try Samples.event("unsubscribe")) != nil)
        #expect(UnsubscribeEvent(try Samples.event("subscribe")) == nil)
    }

    @Test("SCAN has the scene and the ticket")
    func scan() throws {
        let event = try #require(
            ScanEvent(try Samples.event("SCAN", "<EventKey>42</EventKey><Ticket>T</Ticket>")))
        #expect(event.eventKey == "42")
        #expect(event.ticket == "T")
    }

    @Test("LOCATION has a place")
    func location() throws {
        let event = try #require(
            LocationEvent(
                try Samples.event(
                    "LOCATION",
                    "<Latitude>23.137466</Latitude><Longitude>113.352425</Longitude><Precision>119.385040</Precision>"))
        )
        #expect(event.latitude.value == 23.137466)
        #expect(event.longitude.text == "113.352425")
        #expect(event.precision == 119.38504)
        #expect(LocationEvent(try Samples.event("LOCATION", "<Latitude>1</Latitude>")) == nil)
    }

    @Test("CLICK, VIEW and view_miniprogram have the menu item's key")
    func menu() throws {
        let elements = "<EventKey>K</EventKey><MenuId>7</MenuId>"
        #expect(ClickEvent(try Samples.event("CLICK", elements))?.eventKey == "K")
        let view = try #require(ViewEvent(try Samples.event("VIEW", elements)))
        #expect(view.eventKey == "K")
        #expect(view.menuID == "7")
        let page = try #require(ViewMiniProgramEvent(try Samples.event("view_miniprogram", elements)))
        #expect(page.eventKey == "K")
        #expect(page.menuID == "7")
        #expect(ClickEvent(try Samples.event("CLICK")) == nil)
        #expect(ViewEvent(try Samples.event("VIEW", "<EventKey/>")) == nil)
    }

    @Test("of a scanned code has its result", arguments: ["scancode_push", "scancode_waitmsg"])
    func scanCode(_ name: String) throws {
        let event = try #require(
            ScanCodeEvent(
                try Samples.event(
                    name,
                    "<EventKey>6</EventKey><ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult>1</ScanResult>"
                        + "</ScanCodeInfo>")))
        #expect(event.eventKey == "6")
        #expect(event.scanType == "qrcode")
        #expect(event.scanResult == "1")
        #expect(ScanCodeEvent(try Samples.event(name, "<ScanResult>1</ScanResult>")) == nil)
    }

    @Test("of sent pictures has their MD5s", arguments: ["pic_sysphoto", "pic_photo_or_album", "pic_weixin"])
    func pictures(_ name: String) throws {
        let event = try #require(
            PictureEvent(
                try Samples.event(
                    name,
                    """
                    <EventKey>6</EventKey><SendPicsInfo><Count>2</Count>
                    <PicList><item><PicMd5Sum>1b5f</PicMd5Sum></item>
                    <item><PicMd5Sum>5a75</PicMd5Sum></item></PicList></SendPicsInfo>
                    """)))
        #expect(event.count == 2)
        #expect(event.pictureMD5s == ["1b5f", "5a75"])
        let bare = try #require(PictureEvent(try Samples.event(name, "<SendPicsInfo/>")))
        #expect(bare.count == 0)
    }

    @Test("location_select has the chosen place")
    func locationSelect() throws {
        let event = try #require(
            LocationSelectEvent(
                try Samples.event(
                    "location_select",
                    "<EventKey>6</EventKey><SendLocationInfo><Location_X>23</Location_X><Location_Y>113</Location_Y>"
                        + "<Scale>15</Scale><Label>广州</Label><Poiname>公园</Poiname></SendLocationInfo>")))
        #expect(event.latitude.value == 23)
        #expect(event.longitude.value == 113)
        #expect(event.scale == 15)
        #expect(event.label == "广州")
        #expect(event.pointOfInterest == "公园")
    }

    @Test("TEMPLATESENDJOBFINISH has the job's number and status")
    func template() throws {
        let event = try #require(
            TemplateSendJobFinishEvent(
                try Samples.event(
                    "TEMPLATESENDJOBFINISH", "<MsgID>200163836</MsgID><Status>failed:user block</Status>")))
        #expect(event.jobID == 200_163_836)
        #expect(event.status == "failed:user block")
        #expect(event.messageID == nil)
    }

    @Test("MASSSENDJOBFINISH has counts, the check for copies and the articles' addresses")
    func mass() throws {
        let event = try #require(
            MassSendJobFinishEvent(
                try Samples.event(
                    "MASSSENDJOBFINISH",
                    """
                    <MsgID>1000001625</MsgID><Status>send success</Status><TotalCount>100</TotalCount>
                    <FilterCount>80</FilterCount><SentCount>75</SentCount><ErrorCount>5</ErrorCount>
                    <CopyrightCheckResult><Count>1</Count><ResultList><item><ArticleIdx>1</ArticleIdx>
                    <AuditState>2</AuditState></item></ResultList><CheckState>2</CheckState></CopyrightCheckResult>
                    <ArticleUrlResult><Count>2</Count><ResultList><item><ArticleIdx>1</ArticleIdx>
                    <ArticleUrl>http://a</ArticleUrl></item><item><ArticleIdx>2</ArticleIdx>
                    <ArticleUrl>http://b</ArticleUrl></item></ResultList></ArticleUrlResult>
                    """)))
        #expect(event.jobID == 1_000_001_625)
        #expect(event.status == "send success")
        #expect([event.totalCount, event.filterCount, event.sentCount, event.errorCount] == [100, 80, 75, 5])
        #expect(event.copyrightCheckResult?.text("CheckState") == "2")
        #expect(event.articles.map(\.index) == [1, 2])
        #expect(event.articles.map(\.url) == ["http://a", "http://b"])
    }

    @Test("PUBLISHJOBFINISH has the article and what failed")
    func publish() throws {
        let event = try #require(
            PublishJobFinishEvent(
                try Samples.event(
                    "PUBLISHJOBFINISH",
                    """
                    <PublishEventInfo><publish_id>2247503051</publish_id><publish_status>0</publish_status>
                    <article_id>b5O2</article_id><article_detail><count>1</count><item><idx>1</idx>
                    <article_url>http://a</article_url></item></article_detail>
                    <fail_idx>1</fail_idx><fail_idx>3</fail_idx></PublishEventInfo>
                    """)))
        #expect(event.publishID == "2247503051")
        #expect(event.status == 0)
        #expect(event.articleID == "b5O2")
        #expect(event.articles.map(\.url) == ["http://a"])
        #expect(event.failedIndexes == [1, 3])
    }

    @Test("of a customer-service conversation has its account", arguments: ["kf_create_session", "kf_close_session"])
    func session(_ name: String) throws {
        let event = try Samples.event(name, "<KfAccount>test1@test</KfAccount>")
        #expect(CustomerServiceSessionEvent(event)?.account == "test1@test")
        #expect(CustomerServiceSessionEvent(try Samples.event(name)) == nil)
    }

    @Test("kf_switch_session has both accounts")
    func switched() throws {
        let event = try #require(
            CustomerServiceSwitchEvent(
                try Samples.event(
                    "kf_switch_session", "<FromKfAccount>a@t</FromKfAccount><ToKfAccount>b@t</ToKfAccount>")))
        #expect(event.from == "a@t")
        #expect(event.to == "b@t")
    }
}
