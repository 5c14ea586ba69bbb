/// How the names of a message's elements are written in JSON and in templates.
package enum FieldName {
    /// The name of an element in lower case with underscores: `MediaId` is `media_id`, `Location_X` is `location_x`,
    /// `HQMusicUrl` is `hq_music_url`.
    /// - Parameter name: The element's name as it stands in the XML.
    package static func snakeCase(_ name: String) -> String {
        let bytes = Array(name.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + 4)
        for (index, byte) in bytes.enumerated() {
            guard isUpper(byte) else {
                result.append(byte)
                continue
            }
            if index > 0, let last = result.last, last != UInt8(ascii: "_") {
                let before = bytes[index - 1]
                let beginsWord = isUpper(before) && index + 1 < bytes.count && isLower(bytes[index + 1])
                if isLower(before) || isDigit(before) || beginsWord { result.append(UInt8(ascii: "_")) }
            }
            result.append(byte | 0x20)
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
    private static func isLower(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
