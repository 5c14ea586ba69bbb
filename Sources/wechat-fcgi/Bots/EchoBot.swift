import OfficialAccount
import OfficialAccountBot

/// What the program answers as long as nobody gave it anything else to say.
enum EchoBot {
    static let bot = Bot {
        On(.text) { message, _ in .text(message.content) }
        On(.image) { message, _ in .image(mediaID: message.mediaID) }
        On(.subscribe) { _, _ in .text("Hi~ 终于等到你") }
        On(.anyEvent) { _, _ in .none }
        Otherwise { _, _ in .text("Hi~ 终于等到你啦") }
    }
}
