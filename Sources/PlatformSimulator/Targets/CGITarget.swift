internal import FastCGI
internal import Glibc
internal import NIOCore
internal import NIOPosix

/// A program that answers as plain CGI, started anew for each request (RFC 3875).
public struct CGITarget: CallbackTarget {
    /// The program's path.
    public let program: String
    /// The program's arguments.
    public let arguments: [String]
    /// The path of the account's URL.
    public let path: String
    /// What a web server's configuration would add, such as `WECHAT_TOKEN`.
    public let variables: [String: String]
    /// How long a program may run that is not done when the platform hangs up; one that runs longer is killed.
    public let lifetime: Duration

    /// The programs that were left to run on.
    private let left = Locked<[Task<Void, Never>]>([])

    /// Creates a target.
    /// - Parameters:
    ///   - program: The program's path.
    ///   - arguments: The program's arguments; a web server passes none.
    ///   - path: The path of the account's URL.
    ///   - variables: What a web server's configuration would add, such as `WECHAT_TOKEN`.
    ///   - lifetime: How long a program may run that is not done when the platform hangs up.
    public init(
        program: String, arguments: [String] = [], path: String = "/wechat", variables: [String: String] = [:],
        lifetime: Duration = .seconds(30)
    ) {
        self.program = program
        self.arguments = arguments
        self.path = path
        self.variables = variables
        self.lifetime = lifetime
    }

    /// Starts the program for one request and waits until it has answered. One that is not done in time runs on without
    /// anybody who waits for it, as under a web server, for as long as ``lifetime`` says; ``finish()`` waits for it.
    ///
    /// What it writes to its standard error goes to this process's.
    public func exchange(
        _ request: CallbackRequest, patience: Duration
    ) async throws(DeliveryFault) -> CallbackAnswer {
        var environment = ["PATH=/usr/local/bin:/usr/bin:/bin"]
        let parameters = GatewayVariables.make(for: request, path: path, others: variables)
        for (name, value) in parameters { environment.append("\(name)=\(value)") }
        let process: GatewayProcess
        do throws(GatewayProcess.Failure) {
            process = try GatewayProcess([program] + arguments, environment: environment, input: request.body)
        } catch {
            throw .unreachable("\(program) cannot be started: \(error.reason)", advice: advice)
        }
        let limit = max(lifetime, patience)
        return try await within(patience) { progress throws(DeliveryFault) in
            // The program outlives whoever waits for it.
            let (results, end) = AsyncStream.makeStream(of: Result<[UInt8], DeliveryFault>.self)
            let run = Task {
                await Self.run(process, limit: limit, progress: progress) { end.yield($0) }
                end.finish()
            }
            var iterator = results.makeAsyncIterator()
            guard let result = await iterator.next() else {
                left.withLock { $0.append(run) }
                throw .timeout(after: patience)
            }
            await run.value
            return try CallbackAnswer(output: try result.get())
        }
    }

    /// Waits until all programs have ended that were not done in time.
    public func finish() async {
        for run in left.withLock({ $0 }) { await run.value }
    }

    /// What to do about a program that cannot be started.
    private var advice: String {
        if access(program, F_OK) != 0 { return "check the path behind cgi:" }
        if access(program, X_OK) != 0 { return "make it executable (chmod +x), or run this as a user who may run it" }
        return "start it by hand: it is no program, or what its first line names (#!) is not there"
    }

    /// Reads what a program says, and sees it to its end.
    /// - Parameters:
    ///   - limit: How long it may take.
    ///   - said: Gets all that it has said, once it is complete.
    private static func run(
        _ process: GatewayProcess, limit: Duration, progress: Progress,
        said: (Result<[UInt8], DeliveryFault>) -> Void
    ) async {
        do throws(DeliveryFault) {
            let output = try await within(limit) { _ throws(DeliveryFault) in
                do { return try await Self.output(of: process, progress: progress) } catch {
                    throw (error as? DeliveryFault) ?? .cutShort
                }
            }
            said(.success(output))
        } catch {
            process.kill()
            return said(.failure(error))
        }
        // A web server does not wait long for a program that has said all.
        if await waiting(for: .seconds(1), { process.hasEnded() ? true : nil }) == nil { process.kill() }
    }

    private static func output(of process: GatewayProcess, progress: Progress) async throws -> [UInt8] {
        let channel = try await NIOPipeBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .takingOwnershipOfDescriptor(input: process.output) { $0.wrapped() }
        return try await channel.executeThenClose { inbound, _ in
            var output: [UInt8] = []
            for try await buffer in inbound {
                output.append(contentsOf: buffer.readableBytesView)
                guard output.count <= answerLimit else { throw DeliveryFault.tooLarge(limit: answerLimit) }
                let count = output.count
                progress.withLock { $0 = count }
            }
            return output
        }
    }
}
