/// How the names of a message's elements are written where a rule, a service or a template uses them.
package enum FieldName {
    /// The name in lower case, its words apart: `MediaId` is `media_id`, `HQMusicUrl` is `hq_music_url`.
    ///
    /// A word begins at a capital letter behind a small one or a digit, and at a capital letter before a small one. There
    /// is no list of names: one that the platform adds is written the same way.
    /// - Parameter name: The element's name, as in the message.
    package static func snakeCase(_ name: String) -> String {
        let letters = Array(name.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(letters.count + 4)
        for (index, letter) in letters.enumerated() {
            if letter.isCapital {
                let before = index > 0 ? letters[index - 1] : nil
                let after = index + 1 < letters.count ? letters[index + 1] : nil
                let begins = before.map { $0.isSmall || $0.isDigit } == true || after.map(\.isSmall) == true
                if begins, let last = result.last, last != UInt8(ascii: "_") { result.append(UInt8(ascii: "_")) }
                result.append(letter | 0x20)
            } else if letter != UInt8(ascii: "_") || result.last != letter {
                result.append(letter)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

extension UInt8 {
    fileprivate var isCapital: Bool { self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") }
    fileprivate var isSmall: Bool { self >= UInt8(ascii: "a") && self <= UInt8(ascii: "z") }
    fileprivate var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
}
