import FastCGI
import Glibc
import Synchronization

final class Program: Sendable {
    private let reloads = Atomic<Int>(0)
    private let waiting = Atomic<Int>(0)

    func serve(_ listener: Listener) async throws {
        if let path = getenv("ECHO_FAILS_WHILE_PRESENT"), access(path, F_OK) == 0 { exit(3) }
        if let count = number("ECHO_DESCRIPTORS") {
            var limit = rlimit(rlim_cur: rlim_t(count), rlim_max: rlim_t(count))
            setrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &limit)
        }
        let server = Server(
            listener: listener, workers: number("ECHO_WORKERS") ?? Server.defaultWorkers, limits: limits,
            observe: { event in
                if getenv("ECHO_EVENTS") != nil { StandardError.write("\(event)") }
            }, handler: answer)
        try await ServerProcess.run(server) { [self] in reloads.add(1, ordering: .relaxed) }
    }

    private var limits: Limits {
        var limits = Limits()
        if let seconds = number("ECHO_STOP_TIMEOUT") { limits.stopTimeout = Double(seconds) }
        if let seconds = number("ECHO_IDLE_LINGER") { limits.idleLinger = Double(seconds) }
        return limits
    }

    private func number(_ name: String) -> Int? { getenv(name).flatMap { Int(String(cString: $0)) } }

    @Sendable func answer(_ request: Request) async -> Response {
        switch request.path {
        case "/pid": return .plain(200, "\(getpid())")
        case "/reloads": return .plain(200, "\(reloads.load(ordering: .relaxed))")
        case "/waiting": return .plain(200, "\(waiting.load(ordering: .relaxed))")
        case "/slow":
            waiting.add(1, ordering: .relaxed)
            defer { waiting.subtract(1, ordering: .relaxed) }
            let path = request.query["until"].map { String(decoding: $0, as: UTF8.self) } ?? ""
            while access(path, F_OK) == 0 { try? await Task.sleep(for: .milliseconds(10)) }
            return .plain(200, "done")
        default:
            do throws(BodyError) {
                return Response(contentType: "application/octet-stream", body: try request.body)
            } catch {
                switch error {
                case .tooLarge: return .plain(413, "too large")
                case .cutShort: return .plain(400, "cut short")
                }
            }
        }
    }
}
