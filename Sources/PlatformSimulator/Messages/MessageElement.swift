/// One element of a message that the platform sends.
public struct MessageElement: Sendable, Equatable {
    /// What stands between an element's tags.
    public enum Content: Sendable, Equatable {
        /// A text in a CDATA section, as the platform writes texts; in more than one where it holds `]]>`.
        case text(String)
        /// A text outside of CDATA, as the platform writes numbers; `<`, `>` and `&` are escaped.
        case plain(String)
        /// Other elements.
        case elements([MessageElement])
    }

    /// The element's name, such as `Content`.
    public var name: String
    /// What stands between its tags.
    public var content: Content

    /// Creates an element.
    /// - Parameters:
    ///   - name: The element's name.
    ///   - content: What stands between its tags.
    public init(name: String, content: Content) {
        self.name = name
        self.content = content
    }

    /// An element with a text in CDATA.
    /// - Parameters:
    ///   - name: The element's name.
    ///   - text: The text.
    public static func text(_ name: String, _ text: String) -> MessageElement {
        MessageElement(name: name, content: .text(text))
    }

    /// An element with a number, or another text outside of CDATA.
    /// - Parameters:
    ///   - name: The element's name.
    ///   - value: The number.
    public static func plain(_ name: String, _ value: some CustomStringConvertible) -> MessageElement {
        MessageElement(name: name, content: .plain(value.description))
    }

    /// An element with others inside.
    /// - Parameters:
    ///   - name: The element's name.
    ///   - elements: The elements inside.
    public static func group(_ name: String, _ elements: [MessageElement]) -> MessageElement {
        MessageElement(name: name, content: .elements(elements))
    }
}

extension MessageElement: CustomStringConvertible, CustomReflectable {
    /// The element's name; its content stays out of descriptions.
    public var description: String { "MessageElement(\(name))" }
    /// A mirror that shows the name only.
    public var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}

extension MessageElement {
    /// Writes the element as the platform does. Control characters are written as they are, which XML forbids and the
    /// platform does.
    func write(to xml: inout String) {
        xml += "<\(name)>"
        switch content {
        case .text(let text): xml += "<![CDATA[\(Self.splitSections(text))]]>"
        case .plain(let text):
            for character in text.unicodeScalars {
                switch character {
                case "<": xml += "&lt;"
                case ">": xml += "&gt;"
                case "&": xml += "&amp;"
                default: xml.unicodeScalars.append(character)
                }
            }
        case .elements(let elements): for element in elements { element.write(to: &xml) }
        }
        xml += "</\(name)>"
    }

    /// A text in which `]]>` is split over two CDATA sections.
    private static func splitSections(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var brackets = 0
        for character in text.unicodeScalars {
            if character == ">", brackets >= 2 { result.append(contentsOf: "]]><![CDATA[".unicodeScalars) }
            brackets = character == "]" ? brackets + 1 : 0
            result.append(character)
        }
        return String(result)
    }
}
