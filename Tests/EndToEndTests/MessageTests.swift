import TestSupport
import Testing

@Suite("Messages")
struct MessageTests {
    @Test("each type of message gets its reply", arguments: Front.allCases, SampleMessage.types)
    func types(front: Front, message: SampleMessage) async throws {
        for account in [Account.single, .compatible, .secure] {
            let response = try await front.answer(to: account.delivery(of: message.xml))
            #expect(try account.read(response) == message.reply, "\(account.path)")
        }
    }

    @Test("each event gets its reply", arguments: Front.allCases, SampleMessage.events)
    func events(front: Front, event: SampleMessage) async throws {
        for account in [Account.plain, .compatible, .secure] {
            let response = try await front.answer(to: account.delivery(of: event.xml))
            #expect(try account.read(response) == event.reply, "\(account.path)")
        }
    }

    @Test("a body in chunks, without a length, is read to its end", arguments: Front.allCases)
    func chunked(front: Front) async throws {
        let message = SampleMessage.text("in chunks")
        let response = try await front.answer(to: Account.single.delivery(of: message.xml, chunked: true))
        #expect(try Account.single.read(response) == message.reply)
    }

    @Test("a message near the limit of size is answered", arguments: Front.allCases)
    func large(front: Front) async throws {
        let padding = String(repeating: "<Padding>0123456789</Padding>", count: 30)
        let long = String(repeating: "长", count: 300_000)
        let message = SampleMessage(
            "large", "<MsgType>voice</MsgType><MsgId>1</MsgId>\(padding)<Long>\(long)</Long>",
            gets: .text("Hi~ 终于等到你啦"))
        let response = try await front.answer(to: Account.single.delivery(of: message.xml))
        #expect(try Account.single.read(response) == message.reply)
    }

    @Test(
        "what an XML parser would refuse is read all the same",
        arguments: [
            "\u{10}\u{1D}", "\u{FFFE}", "a\u{0}b",
        ])
    func controlCharacters(character: String) async throws {
        let response = try await Front.bareCGI.answer(
            to: Account.single.delivery(of: SampleMessage.text("before\(character)after").xml))
        guard case .text(let content) = try Account.single.read(response) else {
            Issue.record("not a text")
            return
        }
        #expect(content.hasPrefix("before") && content.hasSuffix("after"))
        #expect(!content.contains(character))
    }

    @Test(
        "one connection of nginx to the program carries many messages",
        arguments: [
            Front.nginxWithSpawnFCGI, .nginxWithUnixSocket, .apacheProxyFCGI,
        ])
    func many(front: Front) async throws {
        for number in 0..<100 {
            let message = SampleMessage.text("message \(number)")
            let response = try await front.answer(to: Account.single.delivery(of: message.xml))
            #expect(try Account.single.read(response) == message.reply)
        }
    }
}
