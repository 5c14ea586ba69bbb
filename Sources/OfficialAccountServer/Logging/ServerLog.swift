internal import FastCGI
internal import Logging

/// Turns what the FastCGI server tells of itself into log lines, a few of a kind in a minute.
struct ServerLog: Sendable {
    private let logger: Logger
    private let now: @Sendable () -> Int64
    private let limiter = Locked(LineLimiter<String>())

    init(_ logger: Logger, now: @escaping @Sendable () -> Int64) {
        self.logger = logger
        self.now = now
    }

    /// Logs an event.
    func observe(_ event: ServerEvent) {
        let line = event.line
        guard logger.logLevel <= line.level,
            let leftOut = limiter.withLock({ $0.admit(line.kind, second: now()) })
        else { return }
        let metadata: Logger.Metadata? = leftOut > 0 ? ["left_out": .stringConvertible(leftOut)] : nil
        logger.log(level: line.level, "\(line.text)", metadata: metadata)
    }
}

extension ServerEvent {
    /// How the event reads in a log. The kind is one of few, whatever a peer sends.
    fileprivate var line: (level: Logger.Level, kind: String, text: String) {
        switch self {
        case .refused(let refusal): (.notice, "refused", "connection closed: \(refusal.text)")
        case .cutShort: (.info, "cutShort", "a web server ended its connection in the middle of a request")
        case .readTimeout: (.notice, "readTimeout", "connection closed: a request was not whole in time (read_timeout)")
        case .writeTimeout:
            (.notice, "writeTimeout", "connection closed: an answer was not taken in time (write_timeout)")
        case .handlerTimeout:
            (.error, "handlerTimeout", "a handler had no answer in time (handler_timeout); answered 504")
        case .tooManyRequests: (.warning, "tooManyRequests", "too many requests at once (max_requests); answered 503")
        case .tooManyBodies:
            (
                .warning, "tooManyBodies",
                "too many large bodies at once; answered 503 (a lower max_body keeps what is no message out)"
            )
        case .peerLeft: (.info, "peerLeft", "a web server left before its request was worked on; it was dropped")
        case .connectionLimit:
            (.warning, "limit", "no more connections are accepted until one closes (max_connections)")
        case .descriptorLimit(let number):
            (.warning, "limit", "no more connections are accepted until descriptors are free (error \(number))")
        case .acceptingAgain: (.notice, "acceptingAgain", "connections are accepted again")
        case .stopping: (.notice, "stopping", "stopping: what is in hand is finished")
        case .stopped(let unfinished) where unfinished > 0:
            (.warning, "stopped", "stopped; \(unfinished) connections were cut off (stop_timeout)")
        case .stopped: (.notice, "stopped", "stopped")
        case .replaced(let process): (.notice, "replaced", "process \(process) serves from now on; stopping")
        case .replacementFailed(let reason): (.error, "replacementFailed", "not replaced, going on: \(reason)")
        case .systemError(let operation, let number):
            (.error, "systemError", "\(operation) failed (error \(number))")
        }
    }
}

extension Refusal {
    /// Why a connection was closed, in words.
    fileprivate var text: String {
        switch self {
        case .version(let version): "not FastCGI, or another version of it (first byte \(version))"
        case .begin(let type): "a connection has to begin with a request (record type \(type))"
        case .role(let role): "only responders are served (role \(role))"
        case .unexpected(let type): "a record that has no place there (type \(type))"
        case .multiplexed: "more than one request at a time on a connection"
        case .parametersTooLarge(let limit): "more than \(limit) bytes of variables (max_params)"
        case .overhead(let limit): "headers and padding outweigh content by more than \(limit) bytes"
        case .malformedParameters: "malformed variables"
        case .aborted: "the web server took its request back"
        }
    }
}
