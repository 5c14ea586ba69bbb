import FoundationEssentials
import OfficialAccount
import PlatformSimulator

/// What the commands print with `--json`: one line.
enum JSONOutput {
    static func line(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // The encoder leaves controls beyond ASCII as they are, and they speak to terminals too.
        return String(decoding: try encoder.encode(value), as: UTF8.self).unicodeScalars.map { scalar in
            (0x7F...0x9F).contains(scalar.value)
                ? "\\u00" + String(scalar.value, radix: 16) : String(Character(scalar))
        }.joined()
    }
}

struct FindingJSON: Encodable {
    var code: String
    var severity: String
    var seen: String
    var advice: String

    init(_ finding: Finding) {
        code = finding.code.rawValue
        severity = finding.severity.rawValue
        seen = finding.seen
        advice = finding.advice
    }
}

struct SendJSON: Encodable {
    struct Delivery: Encodable {
        var number: Int
        var milliseconds: Int64
        var status: Int?
        var fault: FindingJSON?
        var warnings: [String]
    }

    /// `reply`, `nothing` or `fault`.
    var outcome: String
    var shown: String?
    var reply: ReplyJSON?
    var deliveries: [Delivery]

    init(_ report: DeliveryReport) {
        switch report.outcome {
        case .reply(let reply):
            outcome = "reply"
            self.reply = ReplyJSON(reply)
            shown = ReplyLine.text(reply)
        case .nothing: outcome = "nothing"
        case .faultNotice:
            outcome = "fault"
            shown = ShownContent.faultNoticeText
        }
        deliveries = report.deliveries.map { record in
            Delivery(
                number: record.number, milliseconds: record.duration.milliseconds, status: record.answer?.status,
                fault: record.finding.map(FindingJSON.init), warnings: record.warnings.map(\.description))
        }
    }
}

struct ReplyJSON: Encodable {
    struct Card: Encodable {
        var title: String
        var description: String
        var picture: String
        var url: String
    }

    var type: String
    var content: String?
    var mediaID: String?
    var title: String?
    var description: String?
    var url: String?
    var articles: [Card]?
    var account: String?

    init(_ reply: Reply) {
        type = reply.kind
        switch reply.content {
        case .none: break
        case .text(let text): content = text
        case .image(let id), .voice(let id): mediaID = id.rawValue
        case .video(let video): (mediaID, title, description) = (video.mediaID.rawValue, video.title, video.description)
        case .music(let music): (title, description, url) = (music.title, music.description, music.url)
        case .news(let list):
            articles = list.map {
                Card(title: $0.title, description: $0.description, picture: $0.pictureURL, url: $0.url)
            }
        case .transferToCustomerService(let account): self.account = account
        }
    }
}

struct VerifyJSON: Encodable {
    var ok: Bool
    var status: Int?
    var milliseconds: Int64
    var fault: FindingJSON?

    init(_ record: VerificationRecord) {
        ok = record.fault == nil
        status = record.answer?.status
        milliseconds = record.duration.milliseconds
        fault = record.finding.map(FindingJSON.init)
    }
}

struct ExaminationJSON: Encodable {
    struct Step: Encodable {
        var probe: String
        /// `well`, `found` or `skipped`.
        var state: String
        var summary: String
        var findings: [String]
    }

    var ok: Bool
    var steps: [Step]
    var findings: [FindingJSON]

    init(_ examination: Examination) {
        ok = examination.isWell
        steps = examination.steps.map { step in
            Step(
                probe: step.probe.rawValue, state: step.isSkipped ? "skipped" : step.isWell ? "well" : "found",
                summary: step.summary, findings: step.findings.map(\.code.rawValue))
        }
        findings = examination.findings.map(FindingJSON.init)
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 { Int64(self / .milliseconds(1)) }
}
