internal import Mustache
package import OfficialAccount
package import OfficialAccountBot

/// A text with `{{fields}}` of the message in it.
///
/// It is plain text: nothing is escaped for HTML, and what a field holds is never read as a template.
package struct Template: Sendable {
    private enum Content: Sendable {
        case fixed(String)
        case mustache(MustacheTemplate)
    }

    private let content: Content
    /// The names that its tags ask for.
    package let names: [String]

    /// Reads a template.
    /// - Throws: ``TemplateError`` with what is wrong.
    package init(_ text: String) throws(TemplateError) {
        names = try TemplateScanner(text).names
        guard text.contains("{{") else {
            content = .fixed(text)
            return
        }
        do {
            content = .mustache(try MustacheTemplate(string: "{{% CONTENT_TYPE:TEXT}}" + text))
        } catch {
            throw .unreadable
        }
    }

    /// The text, where no message can change it.
    package var fixed: String? {
        if case .fixed(let text) = content { text } else { nil }
    }

    /// The text for a message.
    package func render(_ message: Message, _ context: Context) -> String {
        switch content {
        case .fixed(let text): text
        case .mustache(let template): template.render(TemplateValues(message: message, context: context))
        }
    }
}

/// What the tags of a template can name, looked up when a tag asks for it.
private struct TemplateValues: MustacheParent {
    let message: Message
    let context: Context

    func child(named name: String) -> Any? {
        switch name {
        case "session": return SessionValues(session: context.session ?? Session())
        case "captures": return CaptureValues(captures: context.captures)
        case "account": return context.account
        default:
            if let text = context.captures[name] { return text.bounded }
            return FieldValues(fields: message.fields).child(named: name)
        }
    }
}

private struct SessionValues: MustacheParent {
    let session: Session

    func child(named name: String) -> Any? { name == "state" ? session.state : session.values[name]?.bounded }
}

private struct CaptureValues: MustacheParent {
    let captures: Captures

    func child(named name: String) -> Any? { (Int(name).flatMap { captures[$0] } ?? captures[name])?.bounded }
}

private struct FieldValues: MustacheParent {
    let fields: Fields

    func child(named name: String) -> Any? {
        guard let field = fields.first(where: { $0.name == name || FieldName.snakeCase($0.name) == name }) else {
            return nil
        }
        if !field.fields.isEmpty { return FieldValues(fields: field.fields) }
        // A field that is empty is as one that is not there, so that {{^field}} holds for both.
        return field.utf8.isEmpty ? nil : field.text.bounded
    }
}

extension String {
    /// No more of a value than a reply could hold.
    fileprivate var bounded: String {
        let limit = 16 << 10
        guard utf8.count > limit else { return self }
        return String(decoding: utf8.prefix(limit), as: UTF8.self)
    }
}
