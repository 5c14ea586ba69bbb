import Glibc

/// What a program that ran to its end left behind.
package struct Outcome: Sendable {
    /// As a shell gives it: the exit code, or 128 and the signal that ended it.
    package let status: Int32
    package let output: [UInt8]
    package let errors: [UInt8]

    package var text: String { String(decoding: output, as: UTF8.self) }
    package var errorText: String { String(decoding: errors, as: UTF8.self) }
}

/// Runs a program to its end.
/// - Parameters:
///   - arguments: The program, then its arguments.
///   - environment: All of its environment.
///   - folder: Its working folder.
///   - input: What it finds on its standard input.
///   - seconds: It is killed after that, and an error is thrown.
package func run(
    _ arguments: [String], environment: [String: String] = currentEnvironment(), in folder: String? = nil,
    input: [UInt8] = [], within seconds: Int = 120
) throws -> Outcome {
    // Files rather than pipes: nobody has to read while the other writes.
    let streams = StandardStreams(input: try namelessFile(), output: try namelessFile(), errors: try namelessFile())
    defer { for stream in [streams.input, streams.output, streams.errors] { close(stream) } }
    var written = 0
    while written < input.count {
        let count = input[written...].withUnsafeBytes { write(streams.input, $0.baseAddress, $0.count) }
        guard count > 0 else { throw TestError("no room for the input: errno \(errno)") }
        written += count
    }
    lseek(streams.input, 0, SEEK_SET)

    let child = try ChildProcess(arguments, environment: environment, folder: folder, streams: streams)
    guard let status = child.waitForExit(within: seconds) else {
        child.kill()
        throw TestError("\(arguments) did not end within \(seconds) s")
    }
    lseek(streams.output, 0, SEEK_SET)
    lseek(streams.errors, 0, SEEK_SET)
    return Outcome(status: status, output: readToEnd(streams.output), errors: readToEnd(streams.errors))
}

private func namelessFile() throws -> Int32 {
    let path = "/tmp/wechat-test-stream.\(UInt64.random(in: 0...(.max)))"
    let file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw TestError("no file for a stream: errno \(errno)") }
    unlink(path)
    return file
}
