internal import FastCGI
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

    /// Creates a target.
    /// - Parameters:
    ///   - program: The program's path.
    ///   - arguments: The program's arguments; a web server passes none.
    ///   - path: The path of the account's URL.
    ///   - variables: What a web server's configuration would add, such as `WECHAT_TOKEN`.
    public init(
        program: String, arguments: [String] = [], path: String = "/wechat", variables: [String: String] = [:]
    ) {
        self.program = program
        self.arguments = arguments
        self.path = path
        self.variables = variables
    }

    /// Starts the program for one request and waits until it has answered. One that is not done in time is killed.
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
            throw .unreachable("\(program) cannot be started: \(error.reason)")
        }
        let output: [UInt8]
        do throws(DeliveryFault) {
            output = try await within(patience) { progress throws(DeliveryFault) in
                do { return try await Self.output(of: process, progress: progress) } catch {
                    throw (error as? DeliveryFault) ?? .cutShort
                }
            }
        } catch {
            process.kill()
            throw error
        }
        // A web server does not wait long for a program that has said all.
        if await waiting(for: .seconds(1), { process.hasEnded() ? true : nil }) == nil { process.kill() }
        return try CallbackAnswer(output: output)
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
