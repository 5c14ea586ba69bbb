/// Looks a template's tags over before Mustache reads them: how many there are, how deep they nest, what they name.
struct TemplateScanner {
    /// A section in a section in a section: nobody writes more, and rendering recurses.
    static let deepest = 8
    /// Together with the longest value this bounds what a template can grow to.
    static let mostTags = 64

    /// The names that the tags ask for, as they are written, transforms around them left out.
    private(set) var names: [String] = []

    init(_ text: String) throws(TemplateError) {
        var rest = text[...]
        var open: [String] = []
        var tags = 0
        while let start = rest.firstRange(of: "{{") {
            rest = rest[start.upperBound...]
            guard let end = rest.firstRange(of: "}}") else { throw TemplateError.unfinishedTag }
            var tag = rest[..<end.lowerBound]
            rest = rest[end.upperBound...]
            if tag.first == "{" { rest = rest.hasPrefix("}") ? rest.dropFirst() : rest }
            tags += 1
            guard tags <= Self.mostTags else { throw TemplateError.tooManyTags }
            let kind = tag.first
            if let kind, "#^/!>&<$=%{".contains(kind) { tag = tag.dropFirst() }
            let name = Self.name(tag)
            switch kind {
            case "#", "^":
                open.append(name)
                guard open.count <= Self.deepest else { throw TemplateError.tooDeep }
                names.append(name)
            case "/":
                guard open.popLast() == name else { throw TemplateError.sectionNotOpen(name) }
            case "!": break
            case ">", "<", "$", "=", "%": throw TemplateError.notAccepted
            default: names.append(name)
            }
        }
        if let name = open.last { throw TemplateError.sectionNotClosed(name) }
    }

    /// The name inside the calls of transforms, as in `uppercased(content)`.
    private static func name(_ tag: Substring) -> String {
        var name = tag.filter { !$0.isWhitespace }[...]
        while let bracket = name.firstIndex(of: "("), name.last == ")" {
            name = name[name.index(after: bracket)...].dropLast()
        }
        return String(name.prefix(80))
    }
}

/// Why a text is no template.
package enum TemplateError: Error, Equatable, CustomStringConvertible {
    case unfinishedTag
    case tooManyTags
    case tooDeep
    case sectionNotOpen(String)
    case sectionNotClosed(String)
    case notAccepted
    case unreadable

    package var description: String {
        switch self {
        case .unfinishedTag: "a {{ has no }}"
        case .tooManyTags: "more than \(TemplateScanner.mostTags) tags in one text; write it shorter"
        case .tooDeep: "sections nest deeper than \(TemplateScanner.deepest); write it flatter"
        case .sectionNotOpen(let name): "{{/\(name)}} closes a section that is not open there"
        case .sectionNotClosed(let name): "the section {{#\(name)}} has no {{/\(name)}}"
        case .notAccepted: "only {{name}}, {{#name}}…{{/name}}, {{^name}}…{{/name}} and {{!comments}} are accepted"
        case .unreadable: "a tag is not {{name}}; a name is letters, digits, _ and ."
        }
    }
}
