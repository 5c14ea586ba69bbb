import Benchmark
import Logging
import OfficialAccount
import OfficialAccountBot

/// Finding the handler of a text among few and many: the last of them, and none of them.
func benchmarkDispatch() throws {
    let context = Context(account: "bench", logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
    let other = try Message(parsing: Bodies.text("what nobody waits for"))
    for count in [10, 1000] {
        let last = try Message(parsing: Bodies.text("word \(count - 1)"))
        let literal = Bot {
            for number in 0..<count { On(.text(equalTo: "word \(number)")) { _, _ in .text("found") } }
        }
        let patterns = try Bot {
            for number in 0..<count { On(try .text(matching: "^word \(number)$")) { _, _ in .text("found") } }
        }
        for (kind, bot) in [("literal texts", literal), ("patterns", patterns)] {
            // A thousand patterns take as long as a thousand of anything else.
            let factor: BenchmarkScalingFactor = count > 10 && kind == "patterns" ? .one : .kilo
            for (which, message) in [("the last", last), ("none", other)] {
                Benchmark(
                    "dispatch: \(count) \(kind), \(which)",
                    configuration: .init(
                        metrics: [.wallClock, .throughput], warmupIterations: 3, scalingFactor: factor,
                        maxDuration: .seconds(1))
                ) { benchmark in
                    for _ in benchmark.scaledIterations { blackHole(try await bot.answer(message, context)) }
                }
            }
        }
    }
}
