import Glibc
import OfficialAccountServer

/// What is written for people: in colour on a terminal alone, and with nothing in it that could speak to one.
struct Terminal {
    enum Style: String {
        case bold = "1"
        case dim = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
    }

    let isColoured: Bool

    /// The standard output. NO_COLOR switches colours off (no-color.org).
    static func standard(_ environment: ProcessEnvironment = .process) -> Terminal {
        let isPlain = environment["NO_COLOR"]?.isEmpty == false || environment["TERM"] == "dumb"
        return Terminal(isColoured: isatty(STDOUT_FILENO) == 1 && !isPlain)
    }

    func styled(_ text: String, _ style: Style) -> String {
        isColoured ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// Prints a line at once, also into a pipe: it may be the last for some seconds.
    func line(_ text: String = "") {
        print(text)
        fflush(nil)
    }

    /// A text with what is not seen escaped, but for new lines and tabs: a reply must not move the cursor, set the title
    /// of the window or turn the direction of what follows.
    static func safe(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar == "\n" || scalar == "\t" || !isUnseen(scalar) {
                result.unicodeScalars.append(scalar)
            } else {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return result
    }

    private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // What emoji are made of: a joiner, variation selectors and tags.
        case 0x200D, 0xFE00...0xFE0F, 0xE0020...0xE007F: return false
        default: break
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return true
        default: return false
        }
    }
}
