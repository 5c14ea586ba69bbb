import Glibc
import OfficialAccount
import OfficialAccountBot
import OfficialAccountClient
import OfficialAccountServer
import RedisStore
import SQLiteStore
import Synchronization

// A bot that takes its time, as any bot would that asks a database or a language model:
//
//   wait 6        answers `waited 6 #1` after six seconds; the number behind # is the attempt
//   fail          throws
//   long 5000     a text of so many bytes
//   silence 6     nothing, after six seconds
//   once 1        `quick`, but after a second where the message comes for the first time
//   image ID      an image of that media ID; `voice ID` and `video ID` alike
//   news, music   one card of its kind; the menu key `about` gets three articles
//
// Every run of a handler adds a line to the file that LATE_BOT_RUNS names: the message, and the process. A call to the
// platform may take LATE_BOT_CALL_SECONDS where that is set.

struct Failed: Error {}

func note(_ message: some TypedMessage, _ context: Context) {
    guard let path = getenv("LATE_BOT_RUNS") else { return }
    let name = message.messageID.map(String.init) ?? "\(message.event?.rawValue ?? "?")-\(message.createTime)"
    let line = "\(context.account) \(message.fromUserName) \(name) \(context.attempt) \(getpid())\n"
    let file = open(String(cString: path), O_WRONLY | O_APPEND | O_CREAT, 0o600)
    _ = Array(line.utf8).withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
    close(file)
}

func number(_ captures: Captures) -> Double { captures[1].flatMap(Double.init) ?? 0 }

let seen = Mutex<Set<UInt64>>([])

func article(_ number: Int) -> Article {
    Article(title: "Article \(number)", description: "About it", url: "https://example.com/\(number)")
}

let bot = try Bot {
    try On(.text(matching: #"^wait ([0-9.]+)"#)) { message, context in
        note(message, context)
        try await Task.sleep(for: .seconds(number(context.captures)))
        return .text("waited \(context.captures[1] ?? "") #\(context.attempt)")
    }
    try On(.text(matching: #"^silence ([0-9.]+)"#)) { message, context in
        note(message, context)
        try await Task.sleep(for: .seconds(number(context.captures)))
        return .none
    }
    try On(.text(matching: #"^long ([0-9]+)"#)) { message, context in
        note(message, context)
        let sentence = "一二三四五六七八九。"
        return .text(String(repeating: sentence, count: Int(number(context.captures)) / sentence.utf8.count))
    }
    try On(.text(matching: #"^once ([0-9.]+)"#)) { message, context in
        note(message, context)
        let isFirst = message.messageID.map { id in seen.withLock { $0.insert(id).inserted } } ?? false
        if isFirst { try await Task.sleep(for: .seconds(number(context.captures))) }
        return .text("quick")
    }
    try On(.text(matching: #"^(image|voice|video) (\S+)$"#)) { message, context in
        note(message, context)
        let id = try MediaID(context.captures[2] ?? "")
        switch context.captures[1] {
        case "image": return .image(mediaID: id)
        case "voice": return .voice(mediaID: id)
        default: return .video(mediaID: id, title: "A film", description: "About it")
        }
    }
    On(.text(equalTo: "news")) { message, context in
        note(message, context)
        return .news(article(1))
    }
    On(.text(equalTo: "music")) { message, context in
        note(message, context)
        return .music(Music(title: "A song", url: "https://example.com/song", thumbnailMediaID: try MediaID("thumb")))
    }
    On(.text(equalTo: "fail")) { message, context in
        note(message, context)
        throw Failed()
    }
    On(.text) { message, context in
        note(message, context)
        return .text(message.content)
    }
    On(.click(key: "about")) { click, context in
        note(click, context)
        return .news(article(1), article(2), article(3))
    }
    On(.click) { click, context in
        note(click, context)
        try await Task.sleep(for: .seconds(Double(click.eventKey) ?? 0))
        return .text("clicked \(click.eventKey)")
    }
    On(.anyEvent) { event, context in
        note(event, context)
        return .text(event.event?.rawValue ?? "")
    }
    Otherwise { message, context in
        note(message, context)
        return .text(message.type.rawValue)
    }
}

var timeouts = PlatformTimeouts()
if let seconds = getenv("LATE_BOT_CALL_SECONDS").flatMap({ Int(String(cString: $0)) }) {
    timeouts.call = .seconds(seconds)
}
let connections = PlatformConnections(timeouts: timeouts)
try await bot.serve(
    resources: ServingResources(
        stores: [
            "sqlite": { path throws(StoreError) in try SQLiteStore(path: path) },
            "redis": { rest throws(StoreError) in try RedisStore(url: "redis:" + rest) },
        ],
        platform: { credentials, store, settings in
            guard credentials.appSecret != nil, let base = settings.apiBase,
                let address = try? PlatformAddress(parsing: base)
            else { return nil }
            return PlatformClient(credentials: credentials, store: store, connections: connections, address: address)
        }))
