import OfficialAccountRules

/// A file of variables, `NAME=VALUE` a line, as systemd reads it for a service (systemd.exec(5), `EnvironmentFile=`).
///
/// Blank lines and those that begin with `#` or `;` are left out. A value may be in single or double quotes, of which
/// both can go over several lines; a backslash stands before a character that means itself, and before the end of a line
/// that goes on.
struct EnvironmentFile {
    /// The variables; of those that are there twice the last.
    private(set) var variables: [String: String] = [:]

    /// Why a file was not read. No text holds a value.
    struct Failure: Error, Equatable, CustomStringConvertible {
        var description: String
    }

    /// Reads a file.
    /// - Parameter path: The file's path.
    /// - Throws: ``Failure`` with what is wrong and where.
    init(file path: String) throws(Failure) {
        let bytes: [UInt8]
        do throws(BoundedFile.Failure) {
            bytes = try BoundedFile.read(path, limit: 1 << 20)
        } catch {
            var advice = ""
            if case .cannotOpen = error { advice = "; it is root's alone as a rule: put sudo in front of the command" }
            throw Failure(description: "\(path): \(error)\(advice)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Failure(description: "\(path): is not UTF-8")
        }
        try self.init(text: text, file: path)
    }

    /// Reads a text.
    /// - Parameters:
    ///   - text: The text.
    ///   - path: What the file is called in a mistake.
    init(text: String, file path: String = "environment") throws(Failure) {
        var rest = text.unicodeScalars[...]
        var line = 1
        while !rest.isEmpty {
            let number = line
            rest = rest.drop { $0 == " " || $0 == "\t" }
            let entry = Self.takeLogicalLine(&rest, &line)
            guard let first = entry.first, first != "#", first != ";" else { continue }
            guard let equals = entry.firstIndex(of: "="), Self.isName(entry[..<equals]) else {
                throw Failure(description: "\(path):\(number): expected NAME=VALUE, without a space before the =")
            }
            let name = String(Substring.UnicodeScalarView(entry[..<equals]))
            guard let value = Self.unquoted(entry[entry.index(after: equals)...]) else {
                throw Failure(description: "\(path):\(number): the quote in the value of \(name) is not closed")
            }
            variables[name] = value
        }
    }

    /// Takes what belongs together: a line, or several where a quote or a backslash joins them.
    private static func takeLogicalLine(
        _ rest: inout Substring.UnicodeScalarView, _ line: inout Int
    ) -> Substring.UnicodeScalarView {
        let start = rest.startIndex
        let isComment = rest.first == "#" || rest.first == ";"
        var quote: Unicode.Scalar?
        var index = start
        while index < rest.endIndex {
            let scalar = rest[index]
            if scalar == "\n" { line += 1 }
            if scalar == "\n", quote == nil { break }
            if !isComment, scalar == "\\", quote != "'", rest.index(after: index) < rest.endIndex {
                index = rest.index(after: index)
                if rest[index] == "\n" { line += 1 }
            } else if !isComment, scalar == quote {
                quote = nil
            } else if !isComment, quote == nil, scalar == "\"" || scalar == "'" {
                quote = scalar
            }
            index = rest.index(after: index)
        }
        defer { rest = index < rest.endIndex ? rest[rest.index(after: index)...] : rest[index...] }
        return rest[start..<index]
    }

    /// A value without its quotes and backslashes, and without the space around it.
    private static func unquoted(_ text: Substring.UnicodeScalarView) -> String? {
        var value = String.UnicodeScalarView()
        var length = 0
        var quote: Unicode.Scalar?
        var scalars = text.drop { $0 == " " || $0 == "\t" }.makeIterator()
        while let scalar = scalars.next() {
            if scalar == "\\", quote != "'" {
                guard let next = scalars.next() else { break }
                if next == "\n" { continue }
                // In double quotes a backslash stays before what it does not change.
                if quote != nil, !"\"\\`$".unicodeScalars.contains(next) { value.append("\\") }
                value.append(next)
                length = value.count
            } else if scalar == quote {
                quote = nil
                length = value.count
            } else if quote == nil, scalar == "\"" || scalar == "'" {
                quote = scalar
            } else {
                value.append(scalar)
                if quote != nil || !scalar.properties.isWhitespace { length = value.count }
            }
        }
        return quote == nil ? String(String.UnicodeScalarView(value.prefix(length))) : nil
    }

    private static func isName(_ text: Substring.UnicodeScalarView) -> Bool {
        guard let first = text.first, !("0"..."9").contains(first) else { return false }
        return text.allSatisfy { $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "_") }
    }
}
