import Benchmark

/// What the benchmark plugin runs: one benchmark for each thing that a request passes through.
let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, .throughput], warmupIterations: 3, scalingFactor: .kilo, maxDuration: .seconds(1))
    do {
        try benchmarkSignatureAndCipher()
        try benchmarkReading()
        try benchmarkReplies()
        try benchmarkDispatch()
    } catch {
        fatalError("a benchmark could not be set up: \(error)")
    }
}
