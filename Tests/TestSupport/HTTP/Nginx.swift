import Glibc

/// An nginx of a test's own, in the foreground. It is stopped when nothing refers to it any more.
package final class Nginx: Sendable {
    /// Where it listens, on 127.0.0.1.
    package let port: UInt16
    /// Where its configuration, its log and its temporary files are; names in its configuration are looked up there.
    private let folder: TemporaryFolder
    private let process: ChildProcess

    /// Starts it.
    /// - Parameters:
    ///   - folder: A folder that no other nginx has. `fastcgi_params` is put there too.
    ///   - processes: How many processes it answers with; each keeps connections of its own.
    ///   - http: What stands in `http { }`, above the server.
    ///   - server: What stands in `server { }`.
    package init(in folder: TemporaryFolder, processes: Int = 2, http: String, server: String) throws {
        _ = try TestSupport.path(ofProgram: "nginx")
        self.folder = folder
        port = try Endpoint.freePort()
        try folder.write(try text(ofFile: "/etc/nginx/fastcgi_params"), to: "fastcgi_params")
        try folder.write(
            """
            \(geteuid() == 0 ? "user www-data;" : "")
            daemon off;
            worker_processes \(processes);
            pid \(folder("nginx.pid"));
            error_log stderr warn;
            events { worker_connections 4096; }
            http {
                access_log off;
                client_body_temp_path \(folder("body"));
                fastcgi_temp_path \(folder("fastcgi"));
                proxy_temp_path \(folder("proxy"));
                uwsgi_temp_path \(folder("uwsgi"));
                scgi_temp_path \(folder("scgi"));
                \(http)
                server {
                    listen 127.0.0.1:\(port) backlog=4096;
                    \(server)
                }
            }
            """, to: "nginx.conf")
        process = try ChildProcess(
            ["nginx", "-p", "\(folder.path)/", "-c", folder("nginx.conf"), "-e", "stderr"], log: folder("nginx.log"))
        try process.waitUntilAnswering(.loopback(port: port))
    }

    /// Starts it in front of a FastCGI server's Unix socket, to which it keeps connections.
    /// - Parameters:
    ///   - socket: The socket's path. Everyone gets the right to write to it: nginx gives up root.
    ///   - processes: How many processes it answers with.
    ///   - seconds: How long it keeps a connection that it does not use.
    ///   - directives: What stands in the server's location beside what passes requests on.
    package convenience init(
        before socket: String, processes: Int = 1, keepingFor seconds: Int = 60, _ directives: String...
    ) throws {
        chmod(socket, 0o666)
        try self.init(
            in: TemporaryFolder(), processes: processes,
            http: """
                log_format status '$status $request_uri';
                upstream backend { server unix:\(socket); keepalive 32; keepalive_timeout \(seconds)s; }
                """,
            server: """
                access_log access.log status;
                large_client_header_buffers 4 64k;
                client_max_body_size 0;
                location / {
                    include fastcgi_params;
                    fastcgi_pass backend;
                    fastcgi_keep_conn on;
                    \(directives.joined(separator: "\n"))
                }
                """)
    }

    /// What it has logged.
    package var log: String { (try? text(ofFile: folder("nginx.log"))) ?? "" }

    /// Opens a connection to it.
    package func connect() throws -> RawConnection { try RawConnection(port: port) }

    /// Sends a request over a connection of its own and reads the answer.
    package func answer(to request: HTTPRequest) async throws -> HTTPResponse {
        let connection = try connect()
        // A server may answer and close before it has all of the body: what it said counts then too.
        try? await connection.send(request.bytes)
        return try await connection.response()
    }

    /// The requests that have ended, each as its status and its target; 499 where the client had gone. Only for one that
    /// was started in front of a Unix socket.
    package var ended: [String] {
        ((try? text(ofFile: folder("access.log"))) ?? "").split(separator: "\n").map(String.init)
    }
}

extension RawConnection {
    /// The one answer that comes before the end of the connection.
    package func response() async throws -> HTTPResponse { try HTTPResponse(http: await receiveToEnd()) }
}

/// The connections that there are to a Unix socket, each by its number (proc(5), `/proc/net/unix`). One that waits to be
/// accepted has the number 0.
package func connections(toUnixSocket path: String) throws -> [String] {
    try text(ofFile: "/proc/net/unix").split(separator: "\n").compactMap { line in
        let fields = line.split(separator: " ")
        // The listener has the path too, but is in the state 01: it has no peer.
        guard fields.count == 8, fields[7] == path, ["02", "03"].contains(fields[5]) else { return nil }
        return String(fields[6])
    }
}
