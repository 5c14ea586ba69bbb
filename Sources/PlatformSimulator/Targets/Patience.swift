internal import FastCGI

/// How many bytes of an answer have come so far; `nil` before it begins.
typealias Progress = Locked<Int?>

/// Does something for as long as the platform waits, and cancels it then.
/// - Parameters:
///   - patience: How long the platform waits.
///   - body: What to do; it notes in the progress it is given what has come so far, and gives up when it is cancelled.
/// - Throws: What `body` throws, ``DeliveryFault/timeout(after:)`` or ``DeliveryFault/stalled(afterBytes:)``.
func within<Value: Sendable>(
    _ patience: Duration, _ body: @escaping @Sendable (Progress) async throws(DeliveryFault) -> Value
) async throws(DeliveryFault) -> Value {
    let progress = Progress(nil)
    let result = await withTaskGroup(of: Result<Value, DeliveryFault>?.self) { group in
        group.addTask {
            do throws(DeliveryFault) { return .success(try await body(progress)) } catch { return .failure(error) }
        }
        group.addTask {
            try? await Task.sleep(for: patience)
            return nil
        }
        defer { group.cancelAll() }
        return await group.next() ?? nil
    }
    if let result { return try result.get() }
    if let bytes = progress.withLock({ $0 }) { throw .stalled(afterBytes: bytes) }
    throw .timeout(after: patience)
}
