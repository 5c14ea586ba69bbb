internal import Logging
internal import OfficialAccount
package import OfficialAccountBot

/// The rules of an account in order, as a bot: the first that matches answers.
package struct RuleList: Sendable {
    var rules: [Rule]
    /// What keeps something of users, each once, however many rules name it.
    var chats: [any Answerer] = []

    /// The bot that answers by the rules.
    package var bot: Bot {
        let chats = chats
        let (unchanged, unerased) = (WarningLimit(), WarningLimit())
        var routes = [
            Route(Matcher<UnsubscribeEvent>.unsubscribe) { event, context in
                await Self.forget(event.fromUserName, context, chats, unerased)
                return nil
            }
        ]
        for rule in rules {
            routes += rule.matchers.map { $0.route { try await rule.answer($0, $1, warnings: unchanged) } }
        }
        guard rules.contains(where: \.needsSession) else { return Bot(routes: routes) }
        return Bot(routes: routes) { message, context in
            // A store that fails is told of by the handling of messages. Without it nobody is in a dialogue.
            context.session = try? await context.sessions?.session(of: message.fromUserName)
        }
    }

    /// Erases what is kept of a user who has left the account.
    private nonisolated(nonsending) static func forget(
        _ openID: String, _ context: Context, _ chats: [any Answerer], _ warnings: WarningLimit
    ) async {
        guard let sessions = context.sessions else { return }
        do {
            try await sessions.end(of: openID)
            for chat in chats { try await chat.forget(openID, in: sessions) }
        } catch {
            guard let end = warnings.admit(now: StoreClock.wall()) else { return }
            context.logger.warning("what is kept of a user who left could not be erased: \(error)\(end)")
        }
    }
}
