public import OfficialAccount
public import OfficialAccountBot

extension PlatformClient: PlatformAPI {
    /// Sends a message to a user; see `PlatformAPI.send(_:to:)`.
    ///
    /// It is sent again only where the platform surely did not get it or says that it was busy: no user gets it twice.
    public func send(_ message: Reply, to openID: String) async throws(PlatformError) {
        if case .none = message.content { return }
        guard let body = CustomMessage(message, to: openID) else {
            throw PlatformError(
                .unsendable, "a hand-over to customer service can only be the direct reply to a message")
        }
        try await post("message/custom/send", body)
    }

    /// Shows or hides 「正在输入」; see `PlatformAPI.setTyping(_:to:)`.
    public func setTyping(_ isTyping: Bool, to openID: String) async throws(PlatformError) {
        do {
            try await post(
                "message/custom/typing", Typing(touser: openID, command: isTyping ? "Typing" : "CancelTyping"),
                isRepeatable: true)
        } catch {
            guard isTyping, error.errcode == Refusal.alreadyTyping else { throw error }
        }
    }

    /// The addresses that callbacks come from; see `PlatformAPI.callbackAddresses()`.
    public func callbackAddresses() async throws(PlatformError) -> [String] {
        try await withToken { (token) async throws(PlatformError) -> CallbackAddresses in
            try await caller.json(.get("getcallbackip", query: [token]))
        }.ip_list
    }

    private func post(
        _ name: String, _ body: some Encodable, isRepeatable: Bool = false
    ) async throws(PlatformError) {
        _ = try await withToken { (token) async throws(PlatformError) -> Accepted in
            try await caller.json(try Call.post(name, query: [token], json: body, isRepeatable: isRepeatable))
        }
    }
}

private struct Typing: Encodable {
    var touser: String
    var command: String
}

private struct CallbackAddresses: Decodable, Sendable {
    var ip_list: [String]
}
