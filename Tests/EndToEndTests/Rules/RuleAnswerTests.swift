import OfficialAccount
import PlatformSimulator
import TestSupport
import Testing

@Suite("Rules behind nginx", .onOwnThreads)
struct RuleAnswerTests {
    @Test("Every matcher finds its messages, and the first that matches answers")
    func matchers() async throws {
        let server = try RuledServer(
            """
            welcome: 欢迎
            rules:
              - text: [帮助, help]
                reply: equals
              - text: {starts_with: 查}
                reply: starts
              - text: {contains: 退款}
                reply: contains
              - text: {matches: '订单\\s*(?<id>\\d+)'}
                reply: '订单 {{id}}'
              - image:
                reply: {image: '{{media_id}}'}
              - voice:
                reply: 你说的是：{{recognition}}
              - video:
                reply: a video
              - shortvideo:
                reply: a short video
              - location:
                reply: '{{label}} {{location_x}}'
              - link:
                reply: '{{title}}'
              - miniprogrampage:
                reply: '{{page_path}}'
              - file:
                reply: '{{file_total_len}} bytes'
              - event: CLICK
                key: about
                reply: about
              - event: CLICK
                key: {starts_with: m_}
                reply: 'key {{event_key}}'
              - event: [scancode_waitmsg]
                reply: '{{scan_code_info.scan_result}}'
              - event: subscribe
                key: qrscene_9
                reply: from the poster
              - event:
                reply: 'event {{event}}'
              - any:
                reply: something else
            """)
        let user = try server.user()
        #expect(await user.reads(" ＨＥＬＰ ") == "equals")
        #expect(await user.reads("查天气") == "starts")
        #expect(await user.reads("我要退款") == "contains")
        #expect(await user.reads("订单 42") == "订单 42")
        #expect(await user.reads("别的") == "something else")
        let picture = try OfficialAccount.Reply.image(mediaID: MediaID("media-1"))
        #expect(await user.reads(.image(mediaID: "media-1")) == ShownContent.reply(picture))
        #expect(await user.reads(.voice(mediaID: "m", recognition: "你好"))?.text == "你说的是：你好")
        #expect(await user.reads(.video(mediaID: "m", thumbnailMediaID: "t"))?.text == "a video")
        #expect(await user.reads(.shortVideo(mediaID: "m", thumbnailMediaID: "t"))?.text == "a short video")
        #expect(await user.reads(.location(latitude: 23.5, longitude: 113, label: "广州"))?.text == "广州 23.5")
        #expect(await user.reads(.link(title: "标题", description: "", url: "https://example.com"))?.text == "标题")
        #expect(await user.reads(.miniProgramPage(title: "t", appID: "wx1", pagePath: "pages/a"))?.text == "pages/a")
        #expect(await user.reads(.file(title: "a", key: "k", md5: "5d", length: 5))?.text == "5 bytes")
        #expect(await user.reads(.click(key: "about"))?.text == "about")
        #expect(await user.reads(.click(key: "m_1"))?.text == "key m_1")
        #expect(await user.reads(.scannedCode(key: "6", result: "77", waits: true))?.text == "77")
        #expect(await user.reads(.subscribe())?.text == "欢迎")
        #expect(await user.reads(.subscribe(scene: "9", ticket: "T"))?.text == "from the poster")
        #expect(await user.reads(.view(url: "https://example.com"))?.text == "event VIEW")
        #expect(server.log.contains("error") == false, "\(server.log)")
    }

    @Test("Every reply reaches the user as what it is")
    func replies() async throws {
        let server = try RuledServer(
            """
            rules:
              - text: text
                reply: {text: "两行\\n<b>"}
              - text: image
                reply: {image: m1}
              - text: voice
                reply: {voice: m2}
              - text: video
                reply: {video: {media_id: m3, title: t, description: d}}
              - text: music
                reply: {music: {title: t, description: d, url: 'https://a', hq_url: 'https://b', thumb_media_id: m4}}
              - text: news
                reply: {news: [{title: '{{content}}!', description: d, picture: 'https://p', url: 'https://u'}]}
              - event: CLICK
                reply: {news: [{title: a, url: 'https://u'}, {title: b, url: 'https://u'}]}
              - text: random
                reply: {one_of: [a, b]}
              - text: 人工
                transfer:
              - text: 小王
                transfer: wang@shop
              - text: quiet
                none:
            """)
        let user = try server.user()
        func answer(_ text: String) async throws -> OfficialAccount.Reply {
            try #require(await user.send(.text(text)).deliveries.last?.reply)
        }
        #expect(try await answer("text") == .text("两行\n<b>"))
        #expect(try await answer("image") == .image(mediaID: MediaID("m1")))
        #expect(try await answer("voice") == .voice(mediaID: MediaID("m2")))
        #expect(try await answer("video") == .video(mediaID: MediaID("m3"), title: "t", description: "d"))
        #expect(
            try await answer("music")
                == .music(
                    Music(
                        title: "t", description: "d", url: "https://a", highQualityURL: "https://b",
                        thumbnailMediaID: MediaID("m4"))))
        #expect(
            try await answer("news")
                == .news(Article(title: "news!", description: "d", pictureURL: "https://p", url: "https://u")))
        let cards = try #require(await user.send(.click(key: "x")).deliveries.last?.reply)
        #expect(cards == .news(Article(title: "a", url: "https://u"), Article(title: "b", url: "https://u")))
        var seen: Set<String> = []
        for _ in 0..<40 { if let text = await user.reads("random") { seen.insert(text) } }
        #expect(seen == ["a", "b"])
        #expect(try await answer("人工") == .transferToCustomerService())
        #expect(try await answer("小王") == .transferToCustomerService(account: "wang@shop"))
        #expect(try await answer("quiet") == OfficialAccount.Reply.none)
        #expect(try await answer("nobody's") == OfficialAccount.Reply.none)
    }

    @Test("A message of any type has a rule by the type's name, and a rule for events alone may say nothing to them")
    func namedTypes() async throws {
        let server = try RuledServer(
            """
            welcome: 欢迎
            rules:
              - message: music_card
                reply: '{{msg_type}}: {{song_name}}'
              - message: [image, voice]
                reply: 'a {{msg_type}}'
              - event:
                none:
              - any:
                reply: something else
            """)
        let user = try server.user()
        #expect(await user.reads(SimulatedMessage("music_card", [.text("SongName", "月光")]))?.text == "music_card: 月光")
        #expect(await user.reads(.image(mediaID: "m"))?.text == "a image")
        #expect(await user.reads(.voice(mediaID: "m"))?.text == "a voice")
        #expect(await user.reads(SimulatedMessage("other_card", []))?.text == "something else")
        for event in [SimulatedMessage.click(key: "about"), .view(url: "https://example.com"), .unsubscribe] {
            let report = await user.send(event)
            #expect(report.outcome == .nothing, "\(report)")
            #expect(report.deliveries.last?.reply == OfficialAccount.Reply.none, "\(report)")
        }
        // The welcome stands before a rule for every event.
        #expect(await user.reads(.subscribe())?.text == "欢迎")
        #expect(await user.reads("你好") == "something else")
        #expect(server.log.contains("error") == false, "\(server.log)")
    }

    @Test("A dialogue goes over three messages, in whichever process each arrives")
    func dialogue() async throws {
        let server = try RuledServer(
            """
            rules:
              - state: size
                text: {matches: '^[SML]$'}
                reply: 寄到哪里？
                set: {state: address, size: '{{content}}'}
              - state: size
                reply: S、M 还是 L？
              - state: address
                text:
                reply: '{{session.size}} 码寄到{{content}}'
                set: none
              - text: 下单
                reply: 什么尺码？
                set: {state: size}
              - any:
                reply: 回复「下单」
            """, processes: 4)
        try await withThrowingTaskGroup { group in
            for number in 0..<8 {
                group.addTask {
                    let user = try server.user("oBuyer\(number)")
                    #expect(await user.reads("M") == "回复「下单」")
                    #expect(await user.reads("下单") == "什么尺码？")
                    #expect(await user.reads("XXL") == "S、M 还是 L？")
                    #expect(await user.reads("M") == "寄到哪里？")
                    #expect(await user.reads("城市\(number)") == "M 码寄到城市\(number)")
                    #expect(await user.reads("M") == "回复「下单」")
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("A pattern that a text drives to its limits fails that message alone, with the apology")
    func hostilePattern() async throws {
        let server = try RuledServer(
            """
            apology: 抱歉
            rules:
              - text: {matches: '^(a+)+$'}
                reply: x
              - text: ok
                reply: fine
            """)
        let user = try server.user()
        #expect(await user.reads(String(repeating: "a", count: 60) + "b") == "抱歉")
        #expect(await user.reads("ok") == "fine")
        #expect(server.log.contains("nested repeats"), "\(server.log)")
        #expect(!server.log.contains("aaaa"))
    }

    @Test("An account without rules says back what is written, and one with a welcome alone says no more than that")
    func noRules() async throws {
        let echo = try RuledServer("name: echo")
        #expect(try await echo.user().reads("你好") == "你好")
        let quiet = try RuledServer("welcome: hi")
        #expect(try await quiet.user().reads("你好") == nil)
        #expect(try await quiet.user().reads(.subscribe())?.text == "hi")
    }
}
