import FastCGI
import Glibc
import OfficialAccount
import Testing

@testable import OfficialAccountServer

@Suite("The hot path")
struct HotPathTests {
    /// What the thread below is given and what it gives back.
    private final class Work: Sendable {
        let exchange: Exchange
        let status = Locked<Int?>(nil)
        let statusOnReturn = Locked<Int?>(nil)

        init(_ exchange: Exchange) { self.exchange = exchange }
    }

    @Test("takes another random number each time it is asked")
    func randomNumbers() {
        var numbers: Set<UInt64> = []
        for _ in 0..<3 {
            var randomness = ReplyRandomness()
            for _ in 0..<9 { numbers.insert(randomness.next()) }
        }
        #expect(numbers.count == 27)
    }

    @Test("a message whose handler does not wait is answered on the thread that asked, without a hop")
    func noHop() async throws {
        let work = Work(try Bench(environment: ["WECHAT_TOKEN": "hello"]).exchange)
        var thread = pthread_t()
        let created = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let work = Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
                Task.immediate {
                    let response = await work.exchange.respond(
                        to: .test(query: Platform().query, body: Platform.text("x")))
                    work.status.withLock { $0 = response.status }
                }
                let status = work.status.withLock { $0 }
                work.statusOnReturn.withLock { $0 = status }
                return nil
            }, Unmanaged.passRetained(work).toOpaque())
        try #require(created == 0)
        pthread_join(thread, nil)
        #expect(work.statusOnReturn.withLock { $0 } == 200)
    }
}
