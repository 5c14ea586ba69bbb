import FastCGI
import Glibc
import TestSupport
import Testing

/// A process of its own, the program FastCGIEcho, behind nginx.
@Suite("A server's process behind nginx")
struct NginxProcessTests {
    private func serve(_ path: String, environment: [String: String] = [:]) async throws -> PipedProcess {
        let child = try PipedProcess(
            PipedProcess.productsFolder + "/FastCGIEcho", ["unix:\(path)"], environment: environment)
        #expect(await eventually { (try? RawConnection(unix: path)) != nil })
        return child
    }

    /// Waits until so many requests are with their handlers, and asks on a connection that no nginx has.
    private func areWaiting(_ count: Int, _ path: String) async throws -> Bool {
        let connection = try RawConnection(unix: path)
        return try await eventually {
            let answer = try await connection.exchange(.init("GET", "/waiting", keepsConnection: true))
            return answer?.text == "\(count)\n"
        }
    }

    @Test("SIGTERM with requests in flight loses none of them", arguments: [1, 20])
    func graceful(count: Int) async throws {
        let folder = try TemporaryFolder()
        let (path, latch) = (folder("a.sock"), folder("latch"))
        makeEmptyFile(latch)
        let child = try await serve(path)
        let nginx = try Nginx(before: path, processes: 2)
        try await withThrowingTaskGroup(of: HTTPResponse.self) { group in
            for _ in 0..<count {
                group.addTask { try await nginx.answer(to: .init("POST", "/slow?until=\(latch)", body: .bytes([1]))) }
            }
            #expect(try await areWaiting(count, path))
            child.send(signal: SIGTERM)
            #expect(await eventually { !fileExists(path) })
            removeFile(latch)
            for try await response in group {
                #expect(response.status == 200)
                #expect(response.text == "done\n")
            }
        }
        #expect(await child.exitStatus() == 0)
    }

    @Test("Short of descriptors, it answers all that many connections of nginx bring it in the end")
    func descriptors() async throws {
        let folder = try TemporaryFolder()
        let (path, latch) = (folder("a.sock"), folder("latch"))
        makeEmptyFile(latch)
        let child = try await serve(path, environment: ["ECHO_DESCRIPTORS": "40", "ECHO_EVENTS": "1"])
        // As in deploy/nginx/upstream.conf: those that wait have their turn when nginx gives up idle ones.
        let nginx = try Nginx(before: path, processes: 2, keepingFor: 1)
        try await withThrowingTaskGroup(of: HTTPResponse.self) { group in
            for _ in 0..<60 {
                group.addTask { try await nginx.answer(to: .init("POST", "/slow?until=\(latch)", body: .bytes([1]))) }
            }
            let haveCome = try await eventually { try connections(toUnixSocket: path).count == 60 }
            #expect(haveCome)
            removeFile(latch)
            for try await response in group { #expect(response.text == "done\n") }
        }
        #expect(try await nginx.answer(to: .init("POST", "/", body: .bytes([1]))).body == [1])
        child.send(signal: SIGTERM)
        #expect(await child.exitStatus() == 0)
        let log = await child.standardError()
        #expect(log.contains("descriptorLimit") && log.contains("acceptingAgain"))
    }
}
