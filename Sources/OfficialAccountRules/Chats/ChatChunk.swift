/// A part of an answer, or a whole one. What is not named here, a model's thoughts among it, is not read.
struct ChatChunk: Decodable {
    struct Choice: Decodable {
        var index: Int?
        var delta: Message?
        var message: Message?
        var finish_reason: String?
    }

    struct Message: Decodable {
        var content: Content?
    }

    /// Words, or an array of parts with words.
    struct Content: Decodable {
        struct Part: Decodable { var text: String? }
        var text: String?

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self.text = text
            } else if let parts = try? container.decode(Beginning<Part>.self) {
                text = parts.elements.compactMap(\.text).joined()
            }
        }
    }

    /// The beginning of an array: to decode one of a hundred thousand elements takes half a second.
    struct Beginning<Element: Decodable>: Decodable {
        static var most: Int { 256 }
        var elements: [Element] = []

        init(from decoder: any Decoder) throws {
            var container = try decoder.unkeyedContainer()
            while !container.isAtEnd, elements.count < Self.most {
                elements.append(try container.decode(Element.self))
            }
        }
    }

    var choices: [Choice]?
    var error: ChatRefusal?

    private enum CodingKeys: String, CodingKey { case choices, error }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        choices = try container.decodeIfPresent(Beginning<Choice>.self, forKey: .choices)?.elements
        if container.contains(.error), try !container.decodeNil(forKey: .error) {
            error = try ChatRefusal(from: decoder)
        }
    }
}
