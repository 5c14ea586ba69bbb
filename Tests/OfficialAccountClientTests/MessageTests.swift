import Foundation
import HTTPStub
import NIOHTTP1
import OfficialAccount
import OfficialAccountBot
import Testing

@testable import OfficialAccountClient

@Suite("Messages to users", .timeLimit(.minutes(1)))
struct MessageTests {
    static let replies: [(Reply, String)] = [
        (.text("你好 😀 \"a\"/b\nc"), #"{"content":"你好 😀 \"a\"/b\nc"}"#),
        (.image(mediaID: medium("M1")), #"{"media_id":"M1"}"#),
        (.voice(mediaID: medium("M2")), #"{"media_id":"M2"}"#),
        (
            .video(mediaID: medium("M3"), title: "题", description: "述"),
            #"{"media_id":"M3","title":"题","description":"述"}"#
        ),
        (.video(mediaID: medium("M3")), #"{"media_id":"M3"}"#),
        (
            .music(
                Music(
                    title: "t", description: "d", url: "http://m", highQualityURL: "http://h",
                    thumbnailMediaID: medium("M4"))),
            #"{"title":"t","description":"d","musicurl":"http://m","hqmusicurl":"http://h","thumb_media_id":"M4"}"#
        ),
        (
            .news(Article(title: "t", description: "d", pictureURL: "http://p", url: "http://u")),
            #"{"articles":[{"title":"t","description":"d","url":"http://u","picurl":"http://p"}]}"#
        ),
    ]

    @Test(arguments: replies)
    func everyKindIsSentAsThePlatformReadsIt(reply: Reply, inner: String) async throws {
        try await withPlatform({ _ in TokenDesk.ok }) { server, desk in
            try await platform(server).send(reply, to: "oUser-1")
            let request = try #require(server.requests(to: "/cgi-bin/message/custom/send").first)
            #expect(request.method == .POST)
            #expect(request.headers.first(name: "content-type") == "application/json; charset=utf-8")
            let body = try #require(
                try JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any])
            let kind = try #require(body["msgtype"] as? String)
            #expect(reply.description.contains(kind))
            #expect(body["touser"] as? String == "oUser-1")
            #expect(Set(body.keys) == ["touser", "msgtype", kind])
            let expected = try JSONSerialization.jsonObject(with: Data(inner.utf8)) as? NSDictionary
            #expect(body[kind] as? NSDictionary == expected)
        }
    }

    @Test func chineseIsSentAsItIs() async throws {
        try await withPlatform({ _ in TokenDesk.ok }) { server, _ in
            try await platform(server).send(.text("终于等到你 😀 a/b"), to: "oUser")
            let text = try #require(server.requests(to: "custom/send").first?.text)
            #expect(text.contains("终于等到你 😀 a/b"))
        }
    }

    @Test func nothingIsSentForNoReply() async throws {
        try await withPlatform({ _ in TokenDesk.ok }) { server, _ in
            try await platform(server).send(.none, to: "oUser")
            #expect(server.requests.isEmpty)
        }
    }

    @Test func aHandOverCannotBeSent() async throws {
        try await withPlatform({ _ in TokenDesk.ok }) { server, _ in
            let client = try platform(server)
            let error = await failure { () async throws(PlatformError) in
                try await client.send(.transferToCustomerService(), to: "oUser")
            }
            #expect(error?.reason == .unsendable)
        }
    }

    @Test func typingIsShownAndHidden() async throws {
        try await withPlatform({ _ in TokenDesk.ok }) { server, _ in
            let client = try platform(server)
            try await client.setTyping(true, to: "oUser")
            try await client.setTyping(false, to: "oUser")
            let texts = server.requests(to: "message/custom/typing").map(\.text)
            #expect(texts.first?.contains(#""command":"Typing""#) == true)
            #expect(texts.last?.contains(#""command":"CancelTyping""#) == true)
        }
    }

    @Test func typingThatIsShownAlreadyIsNoFailure() async throws {
        try await withPlatform({ _ in .json(#"{"errcode":45081,"errmsg":"already typing"}"#) }) { server, _ in
            try await platform(server).setTyping(true, to: "oUser")
        }
    }

    @Test func theAddressesOfCallbacksAreRead() async throws {
        try await withPlatform({ _ in .json(#"{"ip_list":["101.226.103.0/25","2402::1"]}"#) }) { server, _ in
            let addresses = try await platform(server).callbackAddresses()
            #expect(addresses == ["101.226.103.0/25", "2402::1"])
            #expect(server.requests(to: "/cgi-bin/getcallbackip").count == 1)
        }
    }

    @Test func anAddressWithAPathIsCalledBelowIt() async throws {
        try await withPlatform({ _ in TokenDesk.ok }) { server, _ in
            try await platform(server, prefix: "/weixin/").send(.text("hi"), to: "oUser")
            #expect(
                server.requests.map(\.path) == ["/weixin/cgi-bin/stable_token", "/weixin/cgi-bin/message/custom/send"])
        }
    }
}

@Suite("The platform's address")
struct PlatformAddressTests {
    @Test(arguments: ["https://api.weixin.qq.com", "http://127.0.0.1:8080/", "https://[::1]:8443/a/b"])
    func anHTTPAddressIsTaken(text: String) throws {
        _ = try PlatformAddress(parsing: text)
    }

    @Test(arguments: [
        "", "api.weixin.qq.com", "ftp://a", "https://", "https://u:p@h", "https://h?x=1", "https://h/#f", "https://h /",
        "file:///etc/passwd", "https://名.cn",
    ])
    func anythingElseIsRefused(text: String) {
        #expect(throws: PlatformAddressError.self) { try PlatformAddress(parsing: text) }
    }
}
