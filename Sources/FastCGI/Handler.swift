/// Answers a request. It may suspend for as long as the server's limits allow: a request that waits costs no thread.
public typealias Handler = @Sendable (Request) async -> Response
