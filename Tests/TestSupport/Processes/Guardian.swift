package import Glibc
import FastCGI

/// Has a process group stopped when the test process ends: of a server that has put itself in the background, say.
package func stopWithTests(group: pid_t) throws { try Guardian.started(group) }

/// A shell that outlives the test process and then stops what it left: servers that a whole suite shares have no test
/// to stop them, and a test process that is killed stops nothing at all.
///
/// It reads from a socket whose other end only the test process has, and so learns of its end however that comes about.
enum Guardian {
    private static let script = """
        declare -A groups=() folders=()
        while read -r what value; do
            case $what in
                started) groups[$value]=1 ;;
                ended) unset "groups[$value]" ;;
                folder) folders[$value]=1 ;;
                removed) unset "folders[$value]" ;;
            esac
        done
        for group in "${!groups[@]}"; do kill -TERM -- "-$group"; done
        for ((i = 0; i < 30; i++)); do
            for group in "${!groups[@]}"; do kill -0 -- "-$group" || unset "groups[$group]"; done
            [ ${#groups[@]} -gt 0 ] || break
            sleep 0.1
        done
        for group in "${!groups[@]}"; do kill -KILL -- "-$group"; done
        [ ${#folders[@]} -eq 0 ] || rm -rf -- "${!folders[@]}"
        """

    private static let socket = Locked<Int32?>(nil)

    static func started(_ group: pid_t) throws { try tell("started \(group)") }
    static func ended(_ group: pid_t) throws { try tell("ended \(group)") }
    static func made(folder: String) throws { try tell("folder \(folder)") }
    static func removed(folder: String) throws { try tell("removed \(folder)") }

    private static func tell(_ line: String) throws {
        try socket.withLock { socket in
            let end = try socket ?? start()
            socket = end
            let bytes = Array("\(line)\n".utf8)
            guard write(end, bytes, bytes.count) == bytes.count else { throw TestError("the guardian has gone") }
        }
    }

    private static func start() throws -> Int32 {
        var ends: [Int32] = [-1, -1]
        // A pair of sockets rather than a pipe: it is made so that no program started meanwhile gets an end of it.
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw TestError("no sockets: errno \(errno)") }
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer {
            close(null)
            close(ends[0])
        }
        _ = try spawn(
            ["bash", "-c", script], environment: currentEnvironment(), folder: "/",
            streams: StandardStreams(input: ends[0], output: null, errors: null))
        return ends[1]
    }
}
