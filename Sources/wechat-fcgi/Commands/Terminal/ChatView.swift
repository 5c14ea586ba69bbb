import OfficialAccount
import PlatformSimulator

/// Shows a chat as a user sees it, with what passes between the platform and the server in between.
struct ChatView {
    let terminal: Terminal
    let isVerbose: Bool

    private static let width = 10

    /// What the user sends.
    func show(_ message: SimulatedMessage, _ prepared: PreparedMessage) {
        say("user", MessageLine.text(prepared), .bold)
        if isVerbose { block(">", String(decoding: prepared.xml, as: UTF8.self)) }
    }

    /// One delivery, when it has ended.
    func show(_ record: DeliveryRecord) {
        if isVerbose {
            block(">", "\(record.request.method) ?\(record.request.queryString)")
            if record.request.body != record.messageXML {
                block(">", String(decoding: record.request.body, as: UTF8.self))
            }
            if let answer = record.answer {
                block("<", "\(answer.status) \(answer.contentType ?? "without Content-Type")")
                block("<", String(decoding: answer.body, as: UTF8.self))
                if let xml = record.replyXML, xml != answer.body {
                    block("<", "decrypted:\n" + String(decoding: xml, as: UTF8.self))
                }
            }
        }
        let status = record.answer.map { "\($0.status) in " } ?? ""
        var line = "delivery \(record.number): \(status)\(record.duration.brief)"
        if let finding = record.finding { line += ", " + finding.seen }
        say("", line, record.fault == nil ? .dim : .red)
        for warning in record.warnings { say("", "warning: \(warning)", .yellow) }
    }

    /// What the user sees in the end.
    func show(_ outcome: DeliveryReport.Outcome, last: DeliveryRecord?) {
        switch outcome {
        case .nothing: say("account", "(says nothing)", .dim)
        case .reply(let reply): say("account", ReplyLine.text(reply), .green)
        case .faultNotice:
            say("platform", ShownContent.faultNoticeText, .red)
            if let finding = last?.finding { say("", "→ " + finding.advice, .yellow) }
        }
    }

    private func say(_ who: String, _ text: String, _ style: Terminal.Style) {
        let lines = Terminal.safe(text).split(separator: "\n", omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() {
            let label = number == 0 ? who : ""
            let margin = String(repeating: " ", count: max(1, Self.width - label.count))
            terminal.line(label + margin + terminal.styled(String(line), style))
        }
    }

    private func block(_ mark: String, _ text: String) {
        for line in Terminal.safe(text).split(separator: "\n") {
            terminal.line(terminal.styled("\(mark) \(line)", .dim))
        }
    }
}

/// What a message looks like in the chat.
enum MessageLine {
    static func text(_ message: PreparedMessage) -> String {
        var text = line(message)
        while text.last == " " { text.removeLast() }
        return text
    }

    private static func line(_ message: PreparedMessage) -> String {
        guard let fields = try? Fields(parsing: message.xml) else { return "(XML that cannot be read)" }
        func field(_ name: String) -> String { fields.text(name) ?? "" }
        switch field("MsgType") {
        case "text": return field("Content")
        case "image": return "[图片] \(field("PicUrl"))"
        case "voice": return "[语音] \(field("Recognition"))"
        case "video", "shortvideo": return "[视频] \(field("MediaId"))"
        case "location": return "[位置] \(field("Location_X")), \(field("Location_Y")) \(field("Label"))"
        case "link": return "[链接] \(field("Title")) \(field("Url"))"
        case "miniprogrampage": return "[小程序] \(field("Title"))"
        case "file": return "[文件] \(field("Title"))"
        case "event": return "(\(field("Event"))) \(field("EventKey"))"
        case let type: return "(\(type))"
        }
    }
}

/// What a reply looks like in the chat.
enum ReplyLine {
    static func text(_ reply: Reply) -> String {
        switch reply.content {
        case .none: "(says nothing)"
        case .text(let text): text
        case .image(let id): "[图片] \(id.rawValue)"
        case .voice(let id): "[语音] \(id.rawValue)"
        case .video(let video): card("视频 \(video.title ?? "")", [video.description, video.mediaID.rawValue])
        case .music(let music):
            card("音乐 \(music.title ?? "")", [music.description, music.url ?? music.highQualityURL])
        case .news(let articles):
            articles.map { card($0.title, [$0.description, $0.url]) }.joined(separator: "\n")
        case .transferToCustomerService(let account):
            "(hands over to customer service\(account.map { ": \($0)" } ?? ""))"
        }
    }

    private static func card(_ title: String, _ lines: [String?]) -> String {
        (["┌ \(title)"] + lines.compactMap { $0 }.filter { !$0.isEmpty }.map { "│ \($0)" }).joined(separator: "\n")
    }
}
