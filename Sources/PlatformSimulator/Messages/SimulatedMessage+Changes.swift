internal import OfficialAccount

extension SimulatedMessage {
    /// The same message with an element that holds another text, or that it did not have.
    /// - Parameters:
    ///   - path: The element's name; inside of others with theirs before it, as in `ScanCodeInfo.ScanResult`. `MsgType`
    ///     changes the type.
    ///   - text: What stands between its tags.
    /// - Returns: `nil` where a part of the path is no name of an element (XML 1.0, section 2.3), or where the message's
    ///   envelope is given whole.
    public func setting(_ path: String, to text: String) -> SimulatedMessage? {
        let names = path.split(separator: ".", omittingEmptySubsequences: false)
        guard envelope == nil, names.allSatisfy(Self.isName) else { return nil }
        var message = self
        if names == ["MsgType"] {
            message.type = MessageType(rawValue: text)
        } else {
            Self.set(names[...], to: text, in: &message.elements)
        }
        return message
    }

    private static func set(_ names: ArraySlice<Substring>, to text: String, in elements: inout [MessageElement]) {
        guard let name = names.first.map(String.init) else { return }
        let place = elements.firstIndex { $0.name == name }
        guard names.count == 1 else {
            var inner: [MessageElement] = []
            if let place, case .elements(let found) = elements[place].content { inner = found }
            set(names.dropFirst(), to: text, in: &inner)
            put(.group(name, inner), at: place, in: &elements)
            return
        }
        if let place, case .plain = elements[place].content {
            elements[place].content = .plain(text)
        } else {
            put(.text(name, text), at: place, in: &elements)
        }
    }

    private static func put(_ element: MessageElement, at place: Int?, in elements: inout [MessageElement]) {
        if let place { elements[place] = element } else { elements.append(element) }
    }

    private static func isName(_ text: Substring) -> Bool {
        guard let first = text.unicodeScalars.first, first.properties.isAlphabetic || first == "_" else { return false }
        return text.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || $0.properties.numericType == .decimal || $0 == "_" || $0 == "-"
        }
    }
}
