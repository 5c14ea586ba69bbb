internal import NIOCore
internal import NIOHTTP1
internal import OutboundHTTP

/// A call to the platform.
struct Call: Sendable {
    /// Its name in descriptions, such as `message/custom/send`.
    var name: String
    var method: HTTPMethod = .GET
    /// Where it goes: a path below the platform's address, or an address of its own.
    var target: Target
    var body: (bytes: ByteBuffer, contentType: String)?
    /// Whether making it twice does no more than making it once.
    var isRepeatable: Bool

    enum Target: Sendable {
        case path(String, query: [(name: String, value: String)])
        case url(String)
    }

    /// Whether it fetches the access token that other calls wait for.
    var isForToken: Bool { name == "stable_token" }

    /// A call that asks for something.
    static func get(_ name: String, query: [(name: String, value: String)]) -> Call {
        Call(name: name, target: .path("/cgi-bin/\(name)", query: query), isRepeatable: true)
    }

    /// A call that hands something over.
    static func post(
        _ name: String, query: [(name: String, value: String)], body: ByteBuffer, contentType: String,
        isRepeatable: Bool = false
    ) -> Call {
        Call(
            name: name, method: .POST, target: .path("/cgi-bin/\(name)", query: query), body: (body, contentType),
            isRepeatable: isRepeatable)
    }

    /// The whole URL, which may hold a token: not for descriptions.
    func url(_ address: PlatformAddress) -> String {
        switch target {
        case .url(let url): url
        case .path(let path, let query):
            address.base + path
                + query.enumerated().map {
                    ($0.offset == 0 ? "?" : "&") + $0.element.name + "=" + percentEncoded($0.element.value)
                }.joined()
        }
    }
}
