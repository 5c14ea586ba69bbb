import NIOCore
import Synchronization
import Testing

@testable import OfficialAccountRules

@Suite("Reading what a chat endpoint answers")
struct ChatExchangeTests {
    /// Answers for ever, and never looks whether anybody still listens.
    private final class Chatter: ChatTransport, ChatResponseBody {
        let pieces = Atomic<Int>(0)

        func post(
            to _: ChatEndpoint, headers _: [(name: String, value: String)], body _: [UInt8], within _: Duration
        ) async throws -> ChatResponse { ChatResponse(status: 200, body: self) }

        func next() async throws -> ByteBuffer? {
            pieces.add(1, ordering: .relaxed)
            withUnsafeCurrentTask { $0?.cancel() }
            return ByteBuffer(string: "data: {\"choices\":[]}\n\n")
        }
    }

    @Test("ends with the next piece when it is cancelled")
    func cancelled() async throws {
        let chatter = Chatter()
        let settings = try ChatSettings(
            name: "model", endpoint: ChatEndpoint(parsing: "http://127.0.0.1/v1/chat/completions"), model: "m")
        let exchange = ChatExchange(
            settings: settings, transport: chatter,
            request: try ChatRequest(settings, turns: [], question: "问题"))
        await #expect(throws: (any Error).self) { try await exchange.words(until: .now + .seconds(50)) }
        #expect(chatter.pieces.load(ordering: .relaxed) == 1)
    }
}
