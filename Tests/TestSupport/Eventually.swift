/// Waits until something is so, for as long as a very slow machine may need.
/// - Returns: Whether it came true.
package func eventually(_ condition: @Sendable () async throws -> Bool) async rethrows -> Bool {
    for _ in 0..<6000 {
        if try await condition() { return true }
        try? await Task.sleep(for: .milliseconds(10))
    }
    return false
}

/// Collects what several threads report.
package actor Collector<Value: Sendable> {
    package private(set) var values: [Value] = []
    package init() {}
    package func add(_ value: Value) { values.append(value) }
}
