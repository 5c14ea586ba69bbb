import TestSupport
import Testing

/// Runs tests on threads that no other test blocks: they wait for long, and what they wait for has its time.
struct OwnThreadsTrait: SuiteTrait, TestTrait, TestScoping {
    var isRecursive: Bool { true }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await withTaskExecutorPreference(OwnThreads.shared) { try await function() }
    }
}

extension Trait where Self == OwnThreadsTrait {
    static var onOwnThreads: OwnThreadsTrait { OwnThreadsTrait() }
}
