import FastCGI
import Glibc
import TestSupport
import Testing

@Suite("A CGI exchange")
struct CGITests {
    private func run(
        _ environment: [String: String], input: PipedProcess.Input = .null
    ) async throws -> (status: Int32, output: String) {
        let child = try PipedProcess(
            PipedProcess.productsFolder + "/FastCGIEcho", ["unix:/nowhere/ignored"], environment: environment,
            input: input)
        let output = await child.standardOutput()
        return (await child.exitStatus(), String(decoding: output, as: UTF8.self))
    }

    private static let head = "Status: 200 OK\r\nContent-Type: application/octet-stream\r\n"

    @Test(
        "GATEWAY_INTERFACE, or REQUEST_METHOD alone, means CGI, and arguments mean nothing",
        arguments: [["GATEWAY_INTERFACE": "CGI/1.1", "REQUEST_METHOD": "GET"], ["REQUEST_METHOD": "GET"]])
    func detected(environment: [String: String]) async throws {
        for input in [.null, .closed] as [PipedProcess.Input] {
            let (status, output) = try await run(environment, input: input)
            #expect(status == 0)
            #expect(output == Self.head + "Content-Length: 0\r\n\r\n")
        }
    }

    @Test("A body is as long as CONTENT_LENGTH says, and no more is read; without one it goes to the end")
    func body() async throws {
        let input = PipedProcess.Input.bytes(utf8("hello world"))
        let declared = try await run(["REQUEST_METHOD": "POST", "CONTENT_LENGTH": "5"], input: input)
        #expect(declared.output == Self.head + "Content-Length: 5\r\n\r\nhello")
        for length in ["", "-1"] {
            let chunked = try await run(["REQUEST_METHOD": "POST", "CONTENT_LENGTH": length], input: input)
            #expect(chunked.output == Self.head + "Content-Length: 11\r\n\r\nhello world")
        }
    }

    @Test("A body that is cut short or over the limit is told to the handler")
    func wrongBody() async throws {
        let short = try await run(["REQUEST_METHOD": "POST", "CONTENT_LENGTH": "9"], input: .bytes(utf8("hello")))
        #expect(short.output.hasPrefix("Status: 400 Bad Request\r\n"))
        let long = try await run(["REQUEST_METHOD": "POST", "CONTENT_LENGTH": "99999999"])
        #expect(long.output.hasPrefix("Status: 413 "))
        let closed = try await run(["REQUEST_METHOD": "POST", "CONTENT_LENGTH": "9"], input: .closed)
        #expect(closed.output.hasPrefix("Status: 400 "))
    }

    @Test("Started with none of these it says so")
    func usage() async throws {
        let child = try PipedProcess(PipedProcess.productsFolder + "/FastCGIEcho")
        #expect(await child.exitStatus() == 64)
    }

    @Test("Socket activation is taken where it is meant for this process")
    func activation() async throws {
        let folder = try TemporaryFolder()
        let path = folder("a.sock")
        let listener = try Listener.open(.unix(path))
        defer { close(listener.fileDescriptor) }
        // Only the shell knows the number that the program it becomes will have.
        let program = PipedProcess.productsFolder + "/FastCGIEcho"
        let child = try PipedProcess(
            "/bin/sh", ["-c", "LISTEN_PID=$$ LISTEN_FDS=1 exec '\(program)'"],
            inherited: [(descriptor: listener.fileDescriptor, number: 3)])
        let answer = try await RawConnection(unix: path).exchange(.init("GET", "/pid"))
        #expect(answer?.text == "\(child.pid)\n")
        child.send(signal: SIGTERM)
        #expect(await child.exitStatus() == 0)
        #expect(fileExists(path))
        let other = try PipedProcess(
            program, environment: ["LISTEN_PID": "1", "LISTEN_FDS": "1"],
            inherited: [(descriptor: listener.fileDescriptor, number: 3)])
        #expect(await other.exitStatus() == 64)
    }
}
