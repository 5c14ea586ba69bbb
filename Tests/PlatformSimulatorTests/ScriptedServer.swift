import FastCGI
import Foundation
import Glibc
import TestSupport

/// A request as a scripted server read it.
struct ReceivedRequest: Sendable {
    /// Which connection it came on, from 1.
    let number: Int
    let line: String
    let headers: [String]
    let body: [UInt8]

    /// The parameters of the query; the platform's need no decoding.
    var query: [String: String] {
        var result: [String: String] = [:]
        let target = line.split(separator: " ")[1]
        for pair in (target.split(separator: "?").dropFirst().first ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            result[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
        }
        return result
    }
}

/// What a scripted server does with a request.
enum Script: Sendable {
    /// Sends these bytes and closes.
    case send([UInt8])
    /// Sends these bytes and keeps the connection until the client leaves.
    case sendAndHold([UInt8])
    /// Sends these bytes after some milliseconds, and closes.
    case wait(milliseconds: UInt32, [UInt8])

    static func answer(
        _ body: String, status: String = "200 OK", contentType: String = "text/xml"
    ) -> Script {
        answer(Array(body.utf8), status: status, contentType: contentType)
    }

    static func answer(
        _ body: [UInt8], status: String = "200 OK", contentType: String = "text/xml"
    ) -> Script {
        .send(response(body, status: status, contentType: contentType))
    }

    static func response(
        _ body: [UInt8], status: String = "200 OK", contentType: String = "text/xml"
    ) -> [UInt8] {
        Array(
            "HTTP/1.1 \(status)\r\nContent-Type: \(contentType)\r\nContent-Length: \(body.count)\r\nConnection: close\r\n\r\n"
                .utf8) + body
    }
}

/// An HTTP server that says byte by byte what a test wants, and notes when clients leave. A thread for each connection.
final class ScriptedServer: Sendable {
    let url: String
    private let listener: Int32
    private let log = Locked<(requests: [ReceivedRequest], left: [Int])>(([], []))

    init(_ script: @escaping @Sendable (ReceivedRequest) -> Script) throws {
        let port = try Endpoint.freePort()
        url = "http://127.0.0.1:\(port)/wechat"
        listener = try Endpoint.loopback(port: port).listen()
        // An accept must not give up after half a minute as reads do.
        var forever = timeval()
        setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &forever, socklen_t(MemoryLayout<timeval>.size))
        let (listener, log) = (listener, log)
        // Threads of its own: Dispatch has no more than 64, and with as many servers at once none would be left.
        Thread.detachNewThread {
            for number in 1... {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { break }
                Thread.detachNewThread {
                    Self.serve(connection, number: number, log: log, script: script)
                    close(connection)
                }
            }
            close(listener)
        }
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    var requests: [ReceivedRequest] { log.withLock { $0.requests } }
    /// The numbers of the connections that clients left while they had no whole answer.
    var left: [Int] { log.withLock { $0.left } }

    private static func serve(
        _ connection: Int32, number: Int, log: Locked<(requests: [ReceivedRequest], left: [Int])>,
        script: (ReceivedRequest) -> Script
    ) {
        guard let request = read(connection, number: number) else { return }
        log.withLock { $0.requests.append(request) }
        switch script(request) {
        case .send(let bytes): sendAll(bytes, to: connection)
        case .wait(let milliseconds, let bytes):
            usleep(milliseconds * 1000)
            sendAll(bytes, to: connection)
        case .sendAndHold(let bytes):
            sendAll(bytes, to: connection)
            var byte: UInt8 = 0
            if recv(connection, &byte, 1, 0) <= 0 { log.withLock { $0.left.append(number) } }
        }
    }

    private static func read(_ connection: Int32, number: Int) -> ReceivedRequest? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let text = String(decoding: bytes, as: UTF8.self)
            if let end = text.range(of: "\r\n\r\n") {
                let lines = text[..<end].components(separatedBy: "\r\n")
                let length =
                    lines.first { $0.lowercased().hasPrefix("content-length:") }
                    .flatMap { Int($0.dropFirst(15).filter { $0 != " " }) } ?? 0
                let bodyStart = text[..<end].utf8.count + 4
                if bytes.count >= bodyStart + length {
                    return ReceivedRequest(
                        number: number, line: lines[0], headers: Array(lines.dropFirst()),
                        body: Array(bytes[bodyStart..<bodyStart + length]))
                }
            }
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
        }
    }
}

extension String {
    /// Where a text first begins.
    fileprivate func range(of other: String) -> String.Index? {
        utf8.indices.first { self[$0...].utf8.starts(with: other.utf8) }
    }

    fileprivate func components(separatedBy separator: Character) -> [String] {
        split(separator: separator).map(String.init)
    }
}

extension Substring {
    fileprivate func components(separatedBy separator: Character) -> [String] {
        split(separator: separator).map(String.init)
    }
}
