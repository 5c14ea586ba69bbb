import FastCGI
import TestSupport
import Testing

/// Runs tests on threads that no other test blocks: they wait for long, and what they wait for has its time.
struct OwnThreadsTrait: SuiteTrait, TestTrait, TestScoping {
    /// Whether no other test with this trait runs meanwhile: it would take from them the time that they need.
    var isAlone = false
    var isRecursive: Bool { true }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        // Suites are asked too; it is their tests that run.
        guard testCase != nil else { return try await function() }
        try await withTaskExecutorPreference(OwnThreads.shared) {
            await Turns.shared.begin(isAlone)
            let result: Result<Void, any Error>
            do { result = .success(try await Self.inTime(function)) } catch { result = .failure(error) }
            await Turns.shared.end(isAlone)
            try result.get()
        }
    }

    /// Runs a test again that failed while the machine stood still: the platform waits five seconds, and a second in which
    /// nothing runs shows nothing of the program. The third time counts, whatever happened.
    private static func inTime(_ function: @Sendable () async throws -> Void) async throws {
        Stalls.begin()
        for _ in 0..<2 {
            let start = ContinuousClock.now
            let showsNothing = Locked(false)
            try await withKnownIssue("the machine stood still meanwhile", isIntermittent: true) {
                try await function()
            } matching: { _ in
                guard Stalls.any(since: start) else { return false }
                showsNothing.withLock { $0 = true }
                return true
            }
            if !showsNothing.withLock({ $0 }) { return }
        }
        try await function()
    }
}

extension Trait where Self == OwnThreadsTrait {
    static var onOwnThreads: OwnThreadsTrait { OwnThreadsTrait() }
    static var alone: OwnThreadsTrait { OwnThreadsTrait(isAlone: true) }
}

/// Who may run: many at a time, or one alone.
private actor Turns {
    static let shared = Turns()

    private var together = 0
    private var oneIsAlone = false

    func begin(_ isAlone: Bool) async {
        // Those that run together begin at once and wait most of the time.
        if isAlone { try? await Task.sleep(for: .seconds(3)) }
        while oneIsAlone || isAlone && together > 0 { try? await Task.sleep(for: .milliseconds(100)) }
        if isAlone { oneIsAlone = true } else { together += 1 }
    }

    func end(_ isAlone: Bool) {
        if isAlone { oneIsAlone = false } else { together -= 1 }
    }
}
