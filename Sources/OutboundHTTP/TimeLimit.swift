/// Something took longer than it was allowed to.
package struct TimeLimitExceeded: Error {}

/// Runs something for a limited time; when that is over it is cancelled.
/// - Parameters:
///   - limit: How long it may take.
///   - operation: What to run. It has to end soon after it is cancelled.
/// - Throws: ``TimeLimitExceeded``, or what the operation throws.
package func limited<Value: Sendable>(
    to limit: Duration, _ operation: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    let work = Task { try await operation() }
    let timer = Task {
        do {
            try await Task.sleep(for: limit)
            work.cancel()
            return true
        } catch {
            return false
        }
    }
    let result = await withTaskCancellationHandler {
        await work.result
    } onCancel: {
        work.cancel()
    }
    timer.cancel()
    // What a cancelled operation says of itself, even a success, is no whole answer.
    if await timer.value { throw TimeLimitExceeded() }
    return try result.get()
}
