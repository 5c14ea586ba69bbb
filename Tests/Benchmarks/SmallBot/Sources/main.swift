import OfficialAccount
import OfficialAccountBot
import OfficialAccountServer

// The bot under load: text comes back as it was, and the text `slow` after four seconds.
let bot = Bot {
    On(.text(equalTo: "slow")) { message, _ in
        try await Task.sleep(for: .seconds(4))
        return .text(message.content)
    }
    On(.text) { message, _ in .text(message.content) }
}
try await bot.serve()
