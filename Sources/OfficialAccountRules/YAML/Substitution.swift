/// Replaces `${NAME}` in the values of a configuration file, after it was parsed: what is put in is never read as YAML.
///
/// A name is looked up as a file in the folder of the service's credentials (systemd.exec(5), `LoadCredential=`), then
/// in the environment. `$${` stands for `${` itself.
package struct Substitution: Sendable {
    /// The value of a name, or `nil` where there is none.
    package var lookUp: @Sendable (String) -> String?

    /// What to do about a name without a value, to follow the mistake that says so.
    package let advice: String

    package init(advice: String = "", lookUp: @escaping @Sendable (String) -> String?) {
        self.lookUp = lookUp
        self.advice = advice
    }

    /// Why a value could not be completed.
    package enum Failure: Error, Equatable {
        /// No credential and no variable has the name.
        case missing(String)
        /// `${` is not followed by a name and `}`.
        case malformed
    }

    /// Replaces every `${NAME}` of a text.
    package func complete(_ text: String) throws(Failure) -> String {
        guard text.contains("${") else { return text }
        var result = ""
        var rest = Substring(text)
        while let start = rest.firstRange(of: "${") {
            let before = rest[..<start.lowerBound]
            rest = rest[start.upperBound...]
            if before.last == "$" {
                result += before.dropLast() + "${"
                continue
            }
            guard let end = rest.firstIndex(of: "}"), Self.isName(rest[..<end]) else { throw .malformed }
            let name = String(rest[..<end])
            guard let value = lookUp(name) else { throw .missing(name) }
            result += before + value
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    /// The name, where a text is nothing but the name of a variable as a shell has it, such as `$WECHAT_TOKEN`.
    static func nameWithoutBraces(_ text: String) -> String? {
        guard text.utf8.first == UInt8(ascii: "$"), text.utf8.count > 3 else { return nil }
        let name = text.dropFirst()
        guard name.allSatisfy({ $0.isASCII && ($0.isUppercase || $0.isNumber || $0 == "_") }),
            name.first?.isUppercase == true
        else { return nil }
        return String(name)
    }

    /// A name is that of a variable or of a file in the folder, never a path out of it.
    private static func isName(_ text: Substring) -> Bool {
        !text.isEmpty && text.first != "." && text.utf8.count <= 128
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-.".contains($0)) }
    }
}
