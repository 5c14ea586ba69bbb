internal import OfficialAccount
internal import OfficialAccountBot

/// A message as JSON, with what a rule knows beside it: what a service or a program is handed.
///
/// ```json
/// {"version":1,"account":"shop","attempt":1,
///  "message":{"type":"text","from_user_name":"o…","to_user_name":"gh_…","create_time":1700000000,
///             "message_id":"24400000000000001","content":"查订单 42"},
///  "fields":{"ToUserName":"gh_…","FromUserName":"o…","CreateTime":"1700000000","MsgType":"text",
///            "Content":"查订单 42","MsgId":"24400000000000001"},
///  "captures":{"0":"查订单 42","1":"42","number":"42"},
///  "session":{"state":"asked","values":{"name":"…"}}}
/// ```
enum MessageJSON {
    /// Changes when a member changes its meaning or is no more; new members may come without.
    static let version = 1

    /// Writes a message.
    /// - Parameters:
    ///   - message: The message.
    ///   - context: What is known beside it.
    /// - Returns: One line of UTF-8, without a newline at its end.
    static func bytes(_ message: Message, _ context: Context) -> [UInt8] {
        var writer = JSONWriter(capacity: 512 + 2 * message.fields.reduce(0) { $0 + $1.utf8.count + 48 })
        writer.object { writer in
            writer.member("version") { $0.number(version) }
            writer.member("account", context.account)
            writer.member("attempt") { $0.number(context.attempt) }
            writer.member("message") { $0.write(message) }
            writer.member("fields") { $0.write(message.fields) }
            writer.member("captures") { $0.write(context.captures) }
            writer.member("session") { $0.write(context.session) }
        }
        return writer.output
    }
}

extension JSONWriter {
    fileprivate mutating func write(_ message: Message) {
        object { writer in
            writer.member("type", message.type.rawValue)
            writer.member("from_user_name", message.fromUserName)
            writer.member("to_user_name", message.toUserName)
            writer.member("create_time") { $0.number(message.createTime) }
            if let messageID = message.messageID { writer.member("message_id", String(messageID)) }
            for (name, fields) in message.fields.named(FieldName.snakeCase) where !Self.written.contains(name) {
                writer.member(name) { $0.write(fields, name: FieldName.snakeCase) }
            }
        }
    }

    /// What all messages have, which is written in a form of its own.
    private static let written: Set<String> = [
        "to_user_name", "from_user_name", "create_time", "msg_type", "msg_id", "type", "message_id",
    ]

    /// The whole tree, under the names that it had.
    fileprivate mutating func write(_ fields: Fields) {
        object { writer in
            for (name, fields) in fields.named({ $0 }) { writer.member(name) { $0.write(fields, name: { $0 }) } }
        }
    }

    /// The elements of one name: a value, or where there are several of them an array of values.
    private mutating func write(_ fields: [Field], name: @escaping (String) -> String) {
        guard fields.count == 1 else { return array { for field in fields { $0.write(field, name: name) } } }
        write(fields[0], name: name)
    }

    /// An element: its text, or an object where there are elements inside.
    private mutating func write(_ field: Field, name: @escaping (String) -> String) {
        guard !field.fields.isEmpty else { return string(field.text) }
        object { writer in
            if !field.utf8.isEmpty { writer.member("#text", field.text) }
            for group in field.fields.named(name) { writer.member(group.name) { $0.write(group.fields, name: name) } }
        }
    }

    fileprivate mutating func write(_ captures: Captures) {
        object { writer in
            for group in 0..<captures.count {
                if let text = captures[group] { writer.member(String(group), text) }
            }
            for name in captures.names {
                if let text = captures[name] { writer.member(name, text) }
            }
        }
    }

    fileprivate mutating func write(_ session: Session?) {
        guard let session else { return null() }
        object { writer in
            writer.member("state") { writer in
                if let state = session.state { writer.string(state) } else { writer.null() }
            }
            writer.member("values") { writer in
                writer.object { writer in
                    for (name, value) in session.values.sorted(by: { $0.key < $1.key }) { writer.member(name, value) }
                }
            }
        }
    }
}

extension Fields {
    /// The elements by name, in the order of each name's first. `Encrypt` is left out, which is the same once more.
    fileprivate func named(_ name: (String) -> String) -> [(name: String, fields: [Field])] {
        var groups: [(name: String, fields: [Field])] = []
        var places: [String: Int] = [:]
        for field in self where field.name != "Encrypt" {
            let name = name(field.name)
            if let place = places[name] {
                groups[place].fields.append(field)
            } else {
                places[name] = groups.count
                groups.append((name, [field]))
            }
        }
        return groups
    }
}
