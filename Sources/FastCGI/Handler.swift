/// Answers a request. It may suspend for as long as the server's limits allow: a request that waits costs no thread.
public typealias Handler = @Sendable (Request) async -> Response

/// What a request gets, from who looks at it before anything is waited for.
public enum Answer: Sendable {
    /// Works on a response. It may suspend, as a ``Handler`` may.
    public typealias Work = nonisolated(nonsending) @Sendable () async -> Response

    /// A response that is there already: the request needs no task.
    case now(Response)
    /// What works on a response.
    case later(Work)
}
