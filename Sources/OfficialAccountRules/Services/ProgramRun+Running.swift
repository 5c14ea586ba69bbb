internal import CProcess
internal import Glibc
internal import OutboundHTTP
internal import Subprocess
internal import SystemPackage

extension ProgramRun {
    /// How long a program has to end after it was asked to.
    private static let grace = Duration.seconds(1)

    /// The program has written more than it may.
    private struct TooMuch: Error {}

    private struct Ended: Sendable {
        var output: [UInt8]
        var status: TerminationStatus
    }

    /// Runs the program.
    /// - Parameter input: What it reads.
    /// - Returns: What it wrote.
    /// - Throws: ``ServiceError``, also where it ended with another status than 0.
    func run(_ input: [UInt8]) async throws(ServiceError) -> [UInt8] {
        Self.keepEndedPrograms()
        let environment = ProgramEnvironment(adding: environment)
        let family = ProgramFamily(run: environment.run)
        let configuration = configuration(environment)
        let limit = limit
        let outcome: Result<Ended, any Error>
        do {
            // A file rather than a pipe: a program that does not read it keeps nobody waiting.
            let file = try Self.file(with: input)
            outcome = .success(
                try await limited(to: timeout) {
                    let result = try await Subprocess.run(
                        configuration, input: .fileDescriptor(file, closeAfterSpawningProcess: true),
                        output: .sequence, error: .discarded
                    ) { execution in
                        family.found(leader: execution.processIdentifier.value)
                        var output: [UInt8] = []
                        for try await piece in execution.standardOutput {
                            guard output.count + piece.count <= limit else { throw TooMuch() }
                            piece.withUnsafeBytes { output.append(contentsOf: $0) }
                        }
                        return output
                    }
                    return Ended(output: result.closureResult, status: result.terminationStatus)
                })
        } catch { outcome = .failure(error) }
        await family.end()
        switch outcome {
        case .success(let ended):
            try check(ended.status)
            return ended.output
        case .failure(let error): throw failure(error)
        }
    }

    private func configuration(_ environment: ProgramEnvironment) -> Configuration {
        var options = PlatformOptions()
        // A group of its own that signals go to, out of reach of this program's terminal.
        options.createSession = true
        options.teardownSequence = [.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: Self.grace)]
        return Configuration(
            executable: .path(FilePath(program)), arguments: Arguments(arguments),
            environment: .custom(environment.entries), workingDirectory: FilePath(folder), platformOptions: options)
    }

    /// A file without a name that has the bytes, to be read from its beginning.
    private static func file(with bytes: [UInt8]) throws -> FileDescriptor {
        let number = cprocess_memory_file("message")
        guard number >= 0 else { throw Errno(rawValue: errno) }
        let file = FileDescriptor(rawValue: number)
        do {
            try file.writeAll(bytes)
            try file.seek(offset: 0, from: .start)
        } catch {
            try? file.close()
            throw error
        }
        return file
    }

    /// The end of a program can be waited for only where the system keeps it until then. A program inherits the contrary
    /// from who started it.
    private static func keepEndedPrograms() {
        var action = sigaction()
        sigaction(SIGCHLD, nil, &action)
        // SIG_IGN is the address 1, which the importer leaves out, and functions cannot be compared: so their addresses are.
        let isIgnored = unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
        if isIgnored || action.sa_flags & SA_NOCLDWAIT != 0 { signal(SIGCHLD, SIG_DFL) }
    }

    private func check(_ status: TerminationStatus) throws(ServiceError) {
        let advice = "run it by hand, with a message as JSON on its standard input, to see why"
        switch status {
        case .exited(0): return
        case .exited(let code):
            throw ServiceError(.exited(status: Int(code)), "\(program) ended with exit status \(code); \(advice)")
        case .signaled(let signal):
            throw ServiceError(.signaled(Int(signal)), "\(program) was ended by signal \(signal); \(advice)")
        }
    }

    private func failure(_ error: any Error) -> ServiceError {
        switch error {
        case is TimeLimitExceeded:
            let (seconds, attoseconds) = timeout.components
            let time = attoseconds == 0 ? "\(seconds)" : "\(Double(seconds) + Double(attoseconds) / 1e18)"
            return ServiceError(
                .tooSlow,
                "\(program) did not end in \(time) seconds and was killed; make it faster, or raise its timeout")
        case is TooMuch:
            return ServiceError(
                .tooLarge(limit: limit),
                "\(program) wrote more than the \(limit) bytes that its limit allows and was killed")
        case let error as SubprocessError: return notStarted(error)
        case let error as Errno: return ServiceError(.notStarted, "\(program) could not be started: \(error)")
        default: return ServiceError(.notStarted, "\(program) was not waited for: \(type(of: error))")
        }
    }

    private func notStarted(_ error: SubprocessError) -> ServiceError {
        func notStarted(_ why: String) -> ServiceError {
            ServiceError(.notStarted, "\(program) could not be started: \(why)")
        }
        switch error.code {
        case .failedToChangeWorkingDirectory:
            return notStarted("its working folder \(folder) is not there, or not one that this user may enter")
        case .executableNotFound, .spawnFailed:
            if let warning { return notStarted(warning) }
            switch error.underlyingError {
            case .some(.noSuchFileOrDirectory), nil:
                return notStarted("the interpreter that its first line names is not there")
            case .some(.execFormatError):
                return notStarted("it is no program for this machine; a script needs a first line such as #!/bin/sh")
            case .some(.resourceTemporarilyUnavailable), .some(.noMemory):
                return notStarted("the machine has no room for one more process; see TasksMax= and memory")
            case .some(let errno): return notStarted("\(errno)")
            }
        default:
            return notStarted("\(error.underlyingError.map { "\($0)" } ?? "\(error.code)")")
        }
    }
}
