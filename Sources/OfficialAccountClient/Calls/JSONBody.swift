internal import FoundationEssentials
internal import NIOCore
internal import OfficialAccountBot

extension Call {
    /// A call that hands over JSON.
    static func post(
        _ name: String, query: [(name: String, value: String)] = [], json: some Encodable, isRepeatable: Bool = false
    ) throws(PlatformError) -> Call {
        let encoder = JSONEncoder()
        // The platform shows an escaped Chinese character as its escape.
        encoder.outputFormatting = .withoutEscapingSlashes
        guard let data = try? encoder.encode(json) else {
            throw PlatformError(.unsendable, "what \(name) is to send cannot be written as JSON")
        }
        return .post(
            name, query: query, body: ByteBuffer(bytes: data), contentType: "application/json; charset=utf-8",
            isRepeatable: isRepeatable)
    }
}
