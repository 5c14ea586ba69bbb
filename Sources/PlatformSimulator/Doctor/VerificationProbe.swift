internal import FoundationEssentials

/// Verifies the URL as the platform does, and tells from what strangers and forgers are answered why that fails.
struct VerificationProbe {
    let platform: SimulatedPlatform
    let url: WebAddress?
    /// From which time on an answer is slow.
    let slow: Duration
    let now: @Sendable () -> Date

    /// What the probe found, and whether messages are worth sending.
    struct Result {
        var steps: [ExaminationStep] = []
        /// Whether requests that are signed with the Token reach the program and are accepted, if not answered rightly.
        var isAccepted = false
    }

    func run(_ report: (ExaminationStep) -> Void) async -> Result {
        var result = Result()
        func add(_ step: ExaminationStep) {
            result.steps.append(step)
            report(step)
        }
        let echostr = String(UInt64.random(in: 1_000_000_000_000_000_000...9_000_000_000_000_000_000))
        let stranger = await platform.verify(
            CallbackRequest(method: "GET", query: [], headers: CallbackRequest.platformHeaders))
        add(strangerStep(stranger))
        guard stranger.answer != nil else {
            add(.skipped(.verification, "there is no answer to look at"))
            return result
        }
        let signed = await platform.verify(platform.verification(echostr: echostr))
        let forged = await platform.verify(forgery(echostr))
        let diagnosis = VerificationDiagnosis(stranger: stranger, signed: signed, forged: forged, url: url)
        var findings = diagnosis.findings
        let drift = drift(signed)
        if diagnosis.isRefused, let drift, abs(drift) > Self.tolerance {
            let later = platform.verification(echostr: echostr, timestamp: seconds + drift)
            if await platform.verify(later).fault == nil { findings = [Self.clockOff(drift)] }
        }
        if findings.isEmpty, signed.duration >= slow { findings.append(.slow(signed.duration)) }
        add(.found(.verification, findings, otherwise: "echostr came back as it is, in \(signed.duration.brief)"))
        result.isAccepted = signed.answer?.status == 200 && !diagnosis.isRefused
        add(forgeryStep(forged, echostr: echostr, isAccepted: result.isAccepted))
        if !findings.contains(where: { $0.code == .clockOff }) { add(clockStep(drift)) }
        return result
    }

    /// A wrong signature that looks like a right one.
    private func forgery(_ echostr: String) -> CallbackRequest {
        var request = platform.verification(echostr: echostr)
        if let place = request.query.firstIndex(where: { $0.name == "signature" }) {
            request.query[place].value = CallbackRequest.wrongSignature()
        }
        return request
    }

    private func strangerStep(_ record: VerificationRecord) -> ExaminationStep {
        if let answer = record.answer {
            return .well(.stranger, "a request without a query is answered with the status \(answer.status)")
        }
        guard case .delivery(let fault) = record.fault else { return .skipped(.stranger, "there was no request") }
        return .found(.stranger, [.noAnswer(fault)], otherwise: "")
    }

    private func forgeryStep(_ record: VerificationRecord, echostr: String, isAccepted: Bool) -> ExaminationStep {
        guard let answer = record.answer else {
            return .skipped(.forgery, "a request with a wrong signature got no answer")
        }
        if answer.status == 200, answer.body.contains(Array(echostr.utf8)) {
            let finding = Finding(
                .forgedAccepted, "the server verifies a request whose signature is wrong",
                "compare the signature with the SHA-1 of Token, timestamp and nonce before anything else")
            return .found(.forgery, [finding], otherwise: "")
        }
        guard isAccepted else { return .skipped(.forgery, "nothing is accepted yet") }
        return .well(.forgery, "a wrong signature is refused")
    }

    /// How far the clocks may be apart: the platform's own is right, and servers allow minutes.
    private static let tolerance: Int64 = 60

    private func clockStep(_ drift: Int64?) -> ExaminationStep {
        guard let drift else { return .skipped(.clock, "the answer has no Date to compare with") }
        let summary = "the server's clock and this machine's are \(abs(drift)) s apart"
        guard abs(drift) > Self.tolerance else { return .well(.clock, summary) }
        let finding = Finding(
            .clockDrift, summary, "set both by NTP: a server that looks at timestamps will refuse the platform's")
        return .found(.clock, [finding], otherwise: summary)
    }

    private static func clockOff(_ drift: Int64) -> Finding {
        let way = drift > 0 ? "ahead of" : "behind"
        return Finding(
            .clockOff,
            "the server refuses this machine's time and accepts its own, which is \(abs(drift)) s \(way) it",
            "set the server's clock by NTP (timedatectl), or this machine's where it is the wrong one")
    }

    /// How many seconds the server's clock is ahead of this machine's, where the answer says.
    private func drift(_ record: VerificationRecord) -> Int64? {
        guard let text = record.answer?.headers.first("Date"), let date = HTTPDate.seconds(text) else {
            return nil
        }
        return date - Int64(record.startedAt.timeIntervalSince1970)
    }

    private var seconds: Int64 { Int64(now().timeIntervalSince1970) }
}
