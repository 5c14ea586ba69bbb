package import Glibc

/// A folder of a test's own, removed with everything in it when nothing refers to it any more, or the test process ends.
///
/// Its path is short, as sockets want it, and other users may pass through it to what they are shown by name, as web
/// servers that give up root want it.
package final class TemporaryFolder: Sendable {
    package let path: String

    package init() throws {
        var template = Array("/tmp/wechat-test.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw TestError("no temporary folder: errno \(errno)") }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        chmod(path, 0o711)
        try Guardian.made(folder: path)
    }

    deinit {
        _ = try? run(["rm", "-rf", "--", path])
        try? Guardian.removed(folder: path)
    }

    /// The path of something in the folder.
    package func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

    /// Makes a folder in the folder.
    @discardableResult
    package func make(folder name: String, mode: mode_t = 0o755) throws -> String {
        guard mkdir(self(name), mode) == 0, chmod(self(name), mode) == 0 else {
            throw TestError("\(self(name)) could not be made: errno \(errno)")
        }
        return self(name)
    }

    /// Writes a file in the folder and returns its path.
    @discardableResult
    package func write(_ text: String, to name: String, mode: mode_t = 0o644) throws -> String {
        // What is open for writing cannot be executed, and a program that another thread is starting at this moment holds
        // our descriptor until its exec: a program is written by a process of its own.
        if mode & 0o111 != 0 {
            let source = try write(text, to: "\(name).source")
            defer { unlink(source) }
            guard try run(["install", "-m", String(mode, radix: 8), source, self(name)]).status == 0 else {
                throw TestError("\(self(name)) could not be written")
            }
            return self(name)
        }
        let bytes = Array(text.utf8)
        let file = open(self(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard file >= 0 else { throw TestError("\(self(name)) could not be written: errno \(errno)") }
        defer { close(file) }
        guard Glibc.write(file, bytes, bytes.count) == bytes.count else {
            throw TestError("\(self(name)) is cut short")
        }
        chmod(self(name), mode)
        return self(name)
    }
}

/// The bytes of a file.
package func contents(ofFile path: String) throws -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw TestError("\(path) could not be read: \(String(cString: strerror(errno)))") }
    defer { close(file) }
    return readToEnd(file)
}

/// The text of a file.
package func text(ofFile path: String) throws -> String {
    String(decoding: try contents(ofFile: path), as: UTF8.self)
}

/// What a descriptor holds from here to its end, or to an error.
func readToEnd(_ descriptor: Int32) -> [UInt8] {
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
        let count = read(descriptor, &buffer, buffer.count)
        guard count > 0 else { return result }
        result += buffer[..<count]
    }
}
