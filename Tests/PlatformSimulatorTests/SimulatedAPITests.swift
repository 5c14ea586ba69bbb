import Dispatch
import FastCGI
import Foundation
import Glibc
import OfficialAccount
import PlatformSimulator
import TestSupport
import Testing

/// Does what waits without taking a thread from those that it waits for.
func onOwnThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue(label: "onOwnThread").async { continuation.resume(with: Result(catching: body)) }
    }
}

@Suite("The simulated interface for calls out")
struct SimulatedAPITests {
    static let secret = "0123456789abcdef0123456789abcdef"

    /// A clock that a test moves.
    final class Clock: Sendable {
        private let time = Locked(Date(timeIntervalSince1970: 1_700_000_000))
        var now: Date { time.withLock { $0 } }
        func advance(_ seconds: Double) { time.withLock { $0.addTimeInterval(seconds) } }
    }

    /// The interface, and a client that says what a test wants.
    struct Client: Sendable {
        let api: SimulatedAPI
        let clock = Clock()

        init() async throws {
            let clock = clock
            api = try await .start(
                appID: try AppID(parsing: Accounts.appID), appSecret: try AppSecret(parsing: secret),
                now: { clock.now })
        }

        func call(
            _ method: String, _ target: String, _ body: String = "", type: String = "application/json"
        ) async throws -> HTTPResponse {
            let request = HTTPRequest(
                method, target, headers: [("Content-Type", type)],
                body: method == "POST" ? .bytes(Array(body.utf8)) : .none)
            let endpoint = Endpoint.loopback(port: UInt16(api.port))
            return try await onOwnThread { try request.send(to: endpoint) }
        }

        func json(_ method: String, _ target: String, _ body: String = "") async throws -> [String: Any] {
            let response = try await call(method, target, body)
            return try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any] ?? [:]
        }

        func token(force: Bool = false, appID: String = Accounts.appID, secret: String = secret) async throws
            -> [String: Any]
        {
            try await json(
                "POST", "/cgi-bin/stable_token",
                """
                {"grant_type":"client_credential","appid":"\(appID)","secret":"\(secret)","force_refresh":\(force)}
                """)
        }

        /// The errcode of a text to a user; 0 where it was sent.
        func send(_ text: String, to openID: String, token: String) async throws -> Int? {
            try await json(
                "POST", "/cgi-bin/message/custom/send?access_token=\(token)",
                #"{"touser":"\#(openID)","msgtype":"text","text":{"content":"\#(text)"}}"#)["errcode"] as? Int
        }
    }

    @Test("The same token is handed out until near its end, and the old one is good until its end")
    func tokens() async throws {
        let client = try await Client()
        let first = try await client.token()
        let token = try #require(first["access_token"] as? String)
        #expect(token.utf8.count >= 512)
        #expect(first["expires_in"] as? Int == 7200)
        client.clock.advance(6000)
        let second = try await client.token()
        #expect(second["access_token"] as? String == token)
        #expect(second["expires_in"] as? Int == 1200)
        client.clock.advance(1000)
        #expect(try await client.token()["access_token"] as? String != token)
        client.api.userDidWrite("oAlice")
        #expect(try await client.send("a", to: "oAlice", token: token) == 0)
        client.clock.advance(300)
        #expect(try await client.send("a", to: "oAlice", token: token) == 42001)
        #expect(client.api.calls(of: .stableToken).count == 3)
        await client.api.stop()
    }

    @Test("Forcing a token makes the old one invalid, and is limited")
    func forced() async throws {
        let client = try await Client()
        let old = try #require(try await client.token()["access_token"] as? String)
        let new = try #require(try await client.token(force: true)["access_token"] as? String)
        #expect(old != new)
        client.api.userDidWrite("oAlice")
        #expect(try await client.send("a", to: "oAlice", token: old) == 40001)
        #expect(try await client.send("a", to: "oAlice", token: new) == 0)
        #expect(try await client.token(force: true)["errcode"] as? Int == 45011)
        for _ in 1..<20 {
            client.clock.advance(31)
            #expect(try await client.token(force: true)["errcode"] == nil)
        }
        client.clock.advance(31)
        #expect(try await client.token(force: true)["errcode"] as? Int == 45009)
        client.clock.advance(86_400)
        #expect(try await client.token(force: true)["errcode"] == nil)
    }

    @Test("Wrong credentials are refused as the platform refuses them")
    func credentials() async throws {
        let client = try await Client()
        #expect(try await client.token(appID: "wxother")["errcode"] as? Int == 40013)
        #expect(try await client.token(secret: "wrong")["errcode"] as? Int == 40125)
        #expect(try await client.send("a", to: "oAlice", token: "none") == 40001)
        #expect(try await client.json("POST", "/cgi-bin/message/custom/send", "{}")["errcode"] as? Int == 41001)
        #expect(try await client.json("GET", "/cgi-bin/unknown")["errcode"] as? Int == 40066)
        #expect(client.api.messages.isEmpty)
    }

    @Test("A user who wrote can be sent five messages within 48 hours")
    func window() async throws {
        let client = try await Client()
        let token = try #require(try await client.token()["access_token"] as? String)
        #expect(try await client.send("0", to: "oAlice", token: token) == 45015)
        client.api.userDidWrite("oAlice")
        for number in 1...5 { #expect(try await client.send("\(number)", to: "oAlice", token: token) == 0) }
        #expect(try await client.send("6", to: "oAlice", token: token) == 45047)
        #expect(try await client.send("0", to: "oBob", token: token) == 45015)
        client.api.userDidWrite("oAlice")
        #expect(try await client.send("7", to: "oAlice", token: token) == 0)
        client.clock.advance(48 * 3600)
        let later = try #require(try await client.token()["access_token"] as? String)
        #expect(try await client.send("8", to: "oAlice", token: later) == 45015)
        #expect(client.api.messages(to: "oAlice").map(\.content.text) == ["1", "2", "3", "4", "5", "7"])
    }

    @Test("A user who tapped can be sent three messages within a minute, and one who left none")
    func touched() async throws {
        let client = try await Client()
        let token = try #require(try await client.token()["access_token"] as? String)
        client.api.userDidTouch("oAlice")
        for _ in 1...3 { #expect(try await client.send("a", to: "oAlice", token: token) == 0) }
        #expect(try await client.send("a", to: "oAlice", token: token) == 45047)
        client.clock.advance(60)
        #expect(try await client.send("a", to: "oAlice", token: token) == 45015)
        client.api.userDidWrite("oAlice")
        client.api.userDidLeave("oAlice")
        #expect(try await client.send("a", to: "oAlice", token: token) == 45015)
    }

    @Test("What cannot be sent is refused")
    func refused() async throws {
        let client = try await Client()
        let token = try #require(try await client.token()["access_token"] as? String)
        client.api.userDidWrite("oAlice")
        #expect(try await client.send(String(repeating: "好", count: 683), to: "oAlice", token: token) == 45002)
        #expect(try await client.send("", to: "oAlice", token: token) == 44004)
        let target = "/cgi-bin/message/custom/send?access_token=\(token)"
        for (body, errcode) in [
            ("no JSON", 47001), (#"{"msgtype":"text","text":{"content":"a"}}"#, 40003),
            (#"{"touser":"oAlice","msgtype":"hologram","hologram":{}}"#, 40008),
            (#"{"touser":"oAlice","msgtype":"text"}"#, 40008),
            (#"{"touser":"oAlice","msgtype":"image","image":{"media_id":""}}"#, 40007),
            (#"{"touser":"oAlice","msgtype":"news","news":{"articles":[{},{}]}}"#, 45008),
        ] {
            #expect(try await client.json("POST", target, body)["errcode"] as? Int == errcode, "\(body)")
        }
        client.api.isPermitted = false
        #expect(try await client.send("a", to: "oAlice", token: token) == 48001)
        #expect(client.api.messages.isEmpty)
    }

    @Test("Typing is shown until it is cancelled or a message comes")
    func typing() async throws {
        let client = try await Client()
        let token = try #require(try await client.token()["access_token"] as? String)
        let target = "/cgi-bin/message/custom/typing?access_token=\(token)"
        #expect(try await client.json("POST", target, #"{"touser":"o","command":"Typing"}"#)["errcode"] as? Int == 0)
        #expect(client.api.isTyping(to: "o"))
        _ = try await client.json("POST", target, #"{"touser":"o","command":"CancelTyping"}"#)
        #expect(!client.api.isTyping(to: "o"))
        #expect(try await client.json("POST", target, #"{"touser":"o","command":"x"}"#)["errcode"] as? Int == 45072)
    }

    @Test("Media are handed out and taken")
    func media() async throws {
        let client = try await Client()
        let token = try #require(try await client.token()["access_token"] as? String)
        client.api.keep(
            SimulatedMedium(contentType: "audio/amr", fileName: "v.amr", bytes: [1, 0, 2], highQualityVoice: [9]),
            as: "v")
        client.api.keep(SimulatedMedium(contentType: "video/mp4", fileName: "v.mp4", bytes: [3]), as: "film")
        let voice = try await client.call("GET", "/cgi-bin/media/get?access_token=\(token)&media_id=v")
        #expect(voice.body == [1, 0, 2] && voice["Content-Type"] == "audio/amr")
        #expect(voice["Content-Disposition"] == "attachment; filename=\"v.amr\"")
        let better = try await client.call("GET", "/cgi-bin/media/get/jssdk?access_token=\(token)&media_id=v")
        #expect(better.body == [9])
        let film = try await client.json("GET", "/cgi-bin/media/get?access_token=\(token)&media_id=film")
        let address = try #require(film["video_url"] as? String)
        #expect(try await client.call("GET", address.replacing("http://localhost", with: "")).body == [3])
        let none = try await client.json("GET", "/cgi-bin/media/get?access_token=\(token)&media_id=x")
        #expect(none["errcode"] as? Int == 40007)

        let form =
            "--B\r\nContent-Disposition: form-data; name=\"media\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n"
            + "bytes\r\n--B\r--\r\n--B--\r\n"
        let target = "/cgi-bin/media/upload?access_token=\(token)&type="
        let type = "multipart/form-data; boundary=B"
        let uploaded = try await client.call("POST", target + "image", form, type: type)
        let answer = try JSONSerialization.jsonObject(with: Data(uploaded.body)) as? [String: Any]
        let medium = try #require((answer?["media_id"] as? String).flatMap { client.api.medium($0) })
        #expect(medium == SimulatedMedium(contentType: "image/png", fileName: "a.png", bytes: Array("bytes".utf8)))
        #expect(try await client.call("POST", target + "thumb", form, type: type).text.contains("thumb_media_id"))
        #expect(try await client.call("POST", target + "hologram", form, type: type).text.contains("40004"))
        #expect(try await client.call("POST", target + "image", "x", type: type).text.contains("41005"))
        client.api.callbackAddresses = ["10.0.0.0/8"]
        let addresses = try await client.json("GET", "/cgi-bin/getcallbackip?access_token=\(token)")
        #expect(addresses["ip_list"] as? [String] == ["10.0.0.0/8"])
    }

    @Test("The next calls of a path go wrong as a test wants it, and those after them do not")
    func injected() async throws {
        let client = try await Client()
        client.api.inject(.errcode(45009), for: .stableToken)
        client.api.inject(.status(502), for: .stableToken)
        client.api.inject(.notJSON, for: .stableToken)
        client.api.inject(.cut, for: .stableToken)
        let body = #"{"grant_type":"client_credential","appid":"\#(Accounts.appID)","secret":"\#(Self.secret)"}"#
        #expect(try await client.call("POST", "/cgi-bin/stable_token", body).text.contains("45009"))
        #expect(try await client.call("POST", "/cgi-bin/stable_token", body).status == 502)
        #expect(try await client.call("POST", "/cgi-bin/stable_token", body).text.hasPrefix("<html>"))
        await #expect(throws: TestError.self) { try await client.call("POST", "/cgi-bin/stable_token", body) }
        #expect(client.api.currentToken == nil)
        let token = try #require(try await client.token()["access_token"] as? String)
        #expect(client.api.calls.map(\.errcode) == [45009, nil, nil, nil, 0])

        client.api.userDidWrite("oAlice")
        client.api.inject(.cut, for: .customSend, hasEffect: true)
        await #expect(throws: TestError.self) { try await client.send("a", to: "oAlice", token: token) }
        #expect(await client.api.message(to: "oAlice", within: .seconds(30)) != nil)
    }

    @Test("Connections that come while it stops are closed")
    func stopping() async throws {
        for _ in 0..<50 {
            let client = try await Client()
            let port = UInt16(client.api.port)
            let callers = Task.detached {
                try? await onOwnThread {
                    for _ in 0..<2000 {
                        guard let connection = try? Endpoint.loopback(port: port).connect() else { return }
                        sendAll(HTTPRequest("GET", "/").bytes, to: connection)
                        close(connection)
                    }
                }
            }
            try await Task.sleep(for: .milliseconds(5))
            await client.api.stop()
            await callers.value
        }
    }

    @Test("A call can stall, and a body go on for ever")
    func endless() async throws {
        let client = try await Client()
        let request = HTTPRequest("GET", "/cgi-bin/getcallbackip?access_token=x")
        client.api.inject(.endlessBody, for: .callbackAddresses)
        client.api.inject(.stall, for: .callbackAddresses)
        try await onOwnThread { [port = UInt16(client.api.port)] in
            let endless = try Endpoint.loopback(port: port).connect()
            sendAll(request.bytes, to: endless)
            var buffer = [UInt8](repeating: 0, count: 65536)
            var total = 0
            while total < 4 << 20 {
                let count = recv(endless, &buffer, buffer.count, 0)
                guard count > 0 else { break }
                total += count
            }
            close(endless)
            #expect(total >= 4 << 20)

            let stalled = try Endpoint.loopback(port: port).connect()
            sendAll(request.bytes, to: stalled)
            var patience = timeval(tv_sec: 0, tv_usec: 300_000)
            setsockopt(stalled, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
            #expect(recv(stalled, &buffer, buffer.count, 0) == -1)
            close(stalled)
        }
        #expect(await client.api.called(.callbackAddresses, times: 2, within: .seconds(30)))
        await client.api.stop()
    }
}
