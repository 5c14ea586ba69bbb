import OfficialAccount
import OfficialAccountBot
import Testing

@testable import OfficialAccountRules

@Suite("What a service answers") struct ServiceReplyTests {
    static var medium: MediaID {
        guard let id = MediaID(rawValue: "M-1") else { preconditionFailure("not a media ID") }
        return id
    }

    static let replies: [(body: String, type: String?, reply: Reply)] = [
        ("", nil, .none), ("  \n", "text/html", .none), ("success", "text/plain", .none), ("success\n", nil, .none),
        ("你好\n", nil, .text("你好")), ("你好", "text/plain; charset=utf-8", .text("你好")), ("hi", "text/html", .text("hi")),
        ("\u{FEFF}hi", nil, .text("hi")), ("  two\nlines  \n\n", nil, .text("two\nlines")),
        ("1 < 2", nil, .text("1 < 2")),
        (#""said""#, "application/json", .text("said")), (#""said""#, nil, .text("said")),
        (#""said" he"#, nil, .text(#""said" he"#)), ("{not JSON}", "text/plain", .text("{not JSON}")),
        (#"{"type":"text","content":"a\nb"}"#, "application/json", .text("a\nb")),
        (#"{"type":"text","content":"a"}"#, "text/html; charset=utf-8", .text("a")),
        (#"{"type":"text","content":"a"}"#, "text/plain", .text("a")),
        (#"{"type":"text","content":"a"}"#, "application/problem+json", .text("a")),
        (#" {"type":"text","content":"a","more":[1,{"x":null}]} "#, nil, .text("a")),
        (#"{"type":"image","media_id":"M-1"}"#, nil, .image(mediaID: medium)),
        (#"{"type":"voice","media_id":"M-1"}"#, nil, .voice(mediaID: medium)),
        (#"{"type":"video","media_id":"M-1"}"#, nil, .video(mediaID: medium)),
        (
            #"{"type":"video","media_id":"M-1","title":"t","description":"d"}"#, nil,
            .video(mediaID: medium, title: "t", description: "d")
        ),
        (
            #"{"type":"music","thumb_media_id":"M-1","title":"t","description":"d","url":"u","hq_url":"h"}"#, nil,
            .music(Music(title: "t", description: "d", url: "u", highQualityURL: "h", thumbnailMediaID: medium))
        ),
        (
            #"{"type":"news","articles":[{"title":"t","description":"d","picture":"p","url":"u"},{"title":"t2","url":"u2"}]}"#,
            nil,
            .news(
                Article(title: "t", description: "d", pictureURL: "p", url: "u"), Article(title: "t2", url: "u2"))
        ),
        (#"{"type":"transfer"}"#, nil, .transferToCustomerService()),
        (#"{"type":"transfer","account":"kf@shop"}"#, nil, .transferToCustomerService(account: "kf@shop")),
        (#"{"type":"none"}"#, nil, .none),
        ("<xml><MsgType>text</MsgType><Content><![CDATA[a]]></Content></xml>", "text/html", .text("a")),
        ("<?xml version='1.0'?>\n<xml><MsgType>text</MsgType><Content>a</Content></xml>", "text/xml", .text("a")),
        ("<xml><MsgType>image</MsgType><Image><MediaId>M-1</MediaId></Image></xml>", nil, .image(mediaID: medium)),
        (
            """
            <xml><MsgType>news</MsgType><ArticleCount>1</ArticleCount><Articles><item><Title>t</Title><Url>u</Url></item>\
            </Articles></xml>
            """, "application/xml", .news(Article(title: "t", url: "u"))
        ),
        (
            """
            <xml><MsgType>transfer_customer_service</MsgType><TransInfo><KfAccount>k</KfAccount></TransInfo></xml>
            """, nil, .transferToCustomerService(account: "k")
        ),
    ]

    /// Swift's own comparison would sort these by the square of their number.
    @Test(
        "is compared byte by byte, whatever accents are stacked in it",
        arguments: [
            ("<ACCENTS", "text/plain"), ("s\u{301}ACCENTS", nil), ("<ACCENTS", "text/html"),
            ("{\"type\":\"tACCENTS\"}", nil), ("<xml><MsgType>tACCENTS</MsgType></xml>", nil),
        ])
    func stackedAccents(form: String, type: String?) {
        let accents = String(repeating: "\u{301}\u{316}", count: 100_000)
        let body = Array(form.replacing("ACCENTS", with: accents).utf8)
        let reply = try? ServiceReply(reading: body, contentType: type)
        #expect((reply == nil) == (type == "text/html" || form.contains("ype")))
    }

    @Test("is read by its type and by looking", arguments: replies)
    func reading(body: String, type: String?, reply: Reply) throws {
        let answer = try ServiceReply(reading: Array(body.utf8), contentType: type)
        #expect(answer.reply == reply)
        #expect(answer.change == nil)
    }

    static let wrongAnswers: [(body: String, type: String?, said: String)] = [
        ("<!DOCTYPE html><title>x", nil, "HTML"), ("<p>an error", "text/html", "HTML"),
        ("a <b>b</b>", "text/html", "HTML"),
        ("PNG", "image/png", "type image/png"), ("x", "evil\u{7}/type", "an unknown type"),
        ("{", nil, "not JSON"), ("hello", "application/json", "not JSON"),
        (#"{"type":"text"}"#, nil, "without content"),
        (#"{"content":"a"}"#, nil, "without type"), (#"{"type":"tetx"}"#, nil, "type is unknown"),
        (#"{"type":"text","content":["a"]}"#, nil, "content is of the wrong type"),
        (#"{"type":"image","media_id":""}"#, nil, "media_id is empty"),
        (#"{"type":"news","articles":[]}"#, nil, "articles are none"),
        (#"{"type":"news","articles":[{"title":"t"}]}"#, nil, "without articles[0].url"),
        (#"{"type":"none","session":{"values":{"secret":[1]}}}"#, nil, "session.values is of the wrong type"),
        (#"{"type":"none","session":{"lifetime":0}}"#, nil, "session.lifetime"),
        ("[1]", "application/json", "neither an object nor a text"),
        (String(repeating: "[", count: 60_000), "application/json", "not JSON"),
        (#"{"type":"text","content":"# + String(repeating: "[", count: 60_000), nil, "not JSON"),
        ("<xml><MsgType>text</MsgType></xml>", nil, "XML without Content"), ("<xml>", nil, "XML that is no reply"),
        ("<xml><MsgType>poem</MsgType></xml>", nil, "MsgType"),
        ("<xml><Content>a</Content></xml>", nil, "without MsgType"),
        ("<xml><Encrypt>AAAA</Encrypt></xml>", nil, "encrypted XML"),
        (#"<!DOCTYPE x [<!ENTITY a "b">]><xml><MsgType>text</MsgType></xml>"#, "text/xml", "document type"),
    ]

    @Test("is an error that says what is expected where it is nothing", arguments: wrongAnswers)
    func unreadable(body: String, type: String?, said: String) async throws {
        let error = await failure(ServiceReply.Unreadable.self) {
            try ServiceReply(reading: Array(body.utf8), contentType: type)
        }
        #expect(error?.what.contains(said) == true, "\(error?.what ?? "no error")")
        #expect(error?.what.contains("secret") != true)
    }

    @Test func isAnErrorWhereItIsNotUTF8() async throws {
        for bytes: [UInt8] in [[0xC4, 0xE3, 0xBA, 0xC3], [0xFF], [0x61, 0xED, 0xA0, 0x80]] {
            let error = await failure(ServiceReply.Unreadable.self) { try ServiceReply(reading: bytes) }
            #expect(error?.what.contains("UTF-8") == true)
        }
    }

    @Test func changesTheSession() throws {
        func change(_ json: String) throws -> SessionChange? { try ServiceReply(reading: Array(json.utf8)).change }
        #expect(try change(#"{"type":"none"}"#) == nil)
        #expect(try change(#"{"session":null}"#) == .end)
        #expect(try change(#"{"session":{}}"#) == SessionChange())
        #expect(try change(#"{"session":{"state":null}}"#) == .end)
        #expect(
            try change(#"{"session":{"state":"a","lifetime":60}}"#) == SessionChange(state: .entered("a"), lifetime: 60)
        )
        #expect(
            try change(#"{"type":"none","session":{"values":{"a":"x","b":null,"c":3,"d":true,"e":1.5}}}"#)
                == SessionChange(values: ["a": "x", "b": nil, "c": "3", "d": "true", "e": "1.5"]))
    }

    @Test func isKeptInTheSession() async throws {
        let sessions = Sessions(store: MemoryStore(), account: "shop")
        let message = try textMessage()
        func settle(_ json: String) async throws -> Session {
            let reply = try ServiceReply(reading: Array(json.utf8))
            _ = try await reply.settled(message, context(sessions: sessions), lifetime: 60, name: "x")
            return try await sessions.session(of: "oUser")
        }
        #expect(
            try await settle(#"{"session":{"state":"asked","values":{"a":"1","b":"2"}}}"#)
                == Session(state: "asked", values: ["a": "1", "b": "2"]))
        #expect(
            try await settle(#"{"session":{"values":{"a":null,"c":"3"}}}"#)
                == Session(state: "asked", values: ["b": "2", "c": "3"]))
        #expect(
            try await settle(#"{"session":{"state":null,"values":{"c":"4"}}}"#)
                == Session(values: ["b": "2", "c": "4"]))
        #expect(try await settle(#"{"session":null}"#).isEmpty)
    }

    @Test func isAnErrorWhereTheSessionHasNoStore() async throws {
        let reply = try ServiceReply(reading: Array(#"{"session":{"state":"a"}}"#.utf8))
        let message = try textMessage()
        let error = await failure(ServiceError.self) {
            try await reply.settled(message, context(), lifetime: 60, name: "x")
        }
        #expect(error?.reason == .noStore)
    }

    @Test func isAnErrorWhereTheStoreDoesNotKeepTheSession() async throws {
        let reply = try ServiceReply(reading: Array(#"{"session":{"state":"a"}}"#.utf8))
        let message = try textMessage()
        let store = ChatTestStore()
        store.setDown(true)
        let error = await failure(ServiceError.self) {
            try await reply.settled(
                message, context(sessions: Sessions(store: store, account: "shop")), lifetime: 60, name: "x")
        }
        #expect(error?.reason == .sessionNotKept)
        #expect(error?.description == "x answered with a session that was not kept: the test's store is down")
    }
}
