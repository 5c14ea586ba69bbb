internal import FoundationEssentials

/// What an endpoint says of a failure, as far as it may be repeated: the names that it has for it.
struct ChatRefusal: Decodable {
    /// Short names such as `invalid_api_key`; never a sentence, which may quote the key or the question.
    var names: [String] = []

    private enum Keys: String, CodingKey { case error, code, type }

    init() {}

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        if let inner = try? container.nestedContainer(keyedBy: Keys.self, forKey: .error) {
            names = Self.names(inner)
        } else if !container.contains(.error) || (try? container.decodeNil(forKey: .error)) == true {
            names = Self.names(container)
            guard !names.isEmpty else {
                throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "no error"))
            }
        }
    }

    /// Reads what an endpoint answered; `nil` where it is no error.
    init?(_ json: some Collection<UInt8>) {
        guard let refusal = try? JSONDecoder().decode(ChatRefusal.self, from: Data(json)) else { return nil }
        self = refusal
    }

    private static func names(_ container: KeyedDecodingContainer<Keys>) -> [String] {
        [Keys.code, .type].compactMap { key in
            if let number = try? container.decode(Int.self, forKey: key) { return String(number) }
            guard let name = try? container.decode(String.self, forKey: key), (1...48).contains(name.utf8.count),
                name.utf8.allSatisfy(isNamePart)
            else { return nil }
            return name
        }
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    /// Whether more money is wanted, and not more patience.
    var isOfQuota: Bool {
        names.contains { name in
            let name = name.lowercased()
            return ["quota", "balance", "billing", "arrear"].contains { name.contains($0) }
        }
    }
}

/// What a status other than 200, or an error in a stream, means.
extension ChatFailure {
    /// - Parameters:
    ///   - status: The HTTP status; `nil` for an error in a stream.
    ///   - refusal: What the body says.
    ///   - retryAfter: For how long the endpoint wants to be left alone.
    ///   - request: What was asked. Names that occur in it are not repeated: they may be the user's words, or the key.
    static func refused(
        _ endpoint: ChatEndpoint, status: Int?, _ refusal: ChatRefusal?, retryAfter: Duration? = nil,
        to request: ChatRequest
    ) -> ChatFailure {
        let names = (refusal?.names ?? []).filter { !request.mentions($0) }
        let facts = (status.map { ["HTTP status \($0)"] } ?? []) + names
        let what = facts.isEmpty ? "an error" : facts.joined(separator: ", ")
        func failure(_ reason: ChatError.Reason, _ text: String, _ repetition: Repetition = .pointless) -> ChatFailure {
            ChatFailure(error: ChatError(reason, "\(endpoint) answered with \(what): \(text)"), repetition: repetition)
        }
        switch status {
        case 401, 403: return failure(.key, "it does not take the key, or not for this model; check both")
        case 402: return failure(.quota, "the balance is used up; top it up at the provider's")
        case 429 where refusal?.isOfQuota == true:
            return failure(.quota, "the quota is used up; look at the plan and the balance at the provider's")
        case 429:
            let pause = retryAfter.map { "; it wants \($0.components.seconds) s of peace" } ?? ""
            return failure(
                .rate, "it was asked too often\(pause); lower the chat's rate or raise the limit at the provider's",
                .after(retryAfter))
        case 404, 405:
            return failure(
                .notFound,
                "there is no such endpoint or model; the endpoint is the whole address, mostly ending in "
                    + "/chat/completions")
        case .some(300..<400):
            return failure(.notFound, "redirections are not followed; set the address it leads to as the endpoint")
        case .some(400..<500):
            return failure(
                .refused,
                "it does not take the request; check model and parameters, and lower history_characters where the model "
                    + "takes less")
        case .some(500...):
            return failure(.unavailable, "it is out of order; look at the provider's status page", .after(retryAfter))
        case .some: return failure(.unreadable, "no chat endpoint answers so; is a proxy in between?")
        case nil where refusal?.isOfQuota == true:
            return failure(.quota, "the quota is used up; look at the plan and the balance at the provider's")
        case nil:
            return failure(.unavailable, "it broke the answer off; look at the provider's status page", .after(nil))
        }
    }
}
