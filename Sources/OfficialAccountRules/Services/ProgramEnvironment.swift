internal import Glibc

/// The environment of a program: nothing of this program's but where it is at home and its time zone.
struct ProgramEnvironment {
    /// The variable that tells the processes of one run from all others.
    static let mark = "WECHAT_FCGI_RUN"

    /// The value of the variable, which no other run has.
    let run: String
    private let variables: [String: String]

    /// - Parameter additions: What is added, or takes the place of what is there by itself.
    init(adding additions: [String: String]) {
        var generator = SystemRandomNumberGenerator()
        run = String(generator.next(), radix: 16) + "-" + String(generator.next(), radix: 16)
        var variables = ["PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"]
        variables["HOME"] = Self.own("HOME") ?? "/"
        variables["TZ"] = Self.own("TZ")
        self.variables = variables.merging(additions) { $1 }
    }

    /// The variables as a new process takes them, the one that tells runs apart first.
    var entries: [[UInt8]] {
        let entry = { (name: String, value: String) in Array("\(name)=\(value)\0".utf8) }
        return [entry(Self.mark, run)] + variables.map(entry)
    }

    private static func own(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
