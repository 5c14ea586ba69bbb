internal import OfficialAccount

/// Sends a message as a user would, and two that prove nothing.
struct MessageProbe {
    let platform: SimulatedPlatform
    let mode: EncryptionMode
    let url: WebAddress?
    let slow: Duration
    /// What the user writes.
    let text: String

    /// The sender of all of them, so that a server's owner can tell them from users.
    static let openID = "oWechatFcgiDoctor"

    func run(_ report: (ExaminationStep) -> Void) async -> [ExaminationStep] {
        let delivered = await platform.send(.text(text), from: Self.openID)
        let message = await step(delivered)
        report(message)
        let takesPlain = message.findings.contains { $0.code == .modeMismatch }
        let forged = await forgedStep(takesPlain: takesPlain)
        report(forged)
        return [message, forged]
    }

    // MARK: The message

    private func step(_ delivered: DeliveryReport) async -> ExaminationStep {
        guard let last = delivered.deliveries.last else { return .skipped(.message, "nothing was delivered") }
        var findings: [Finding] = []
        if let fault = last.fault {
            findings.append(await finding(fault, last.answer))
        } else {
            if let first = delivered.deliveries.first?.fault, delivered.deliveries.count > 1 {
                findings.append(
                    Finding(
                        .lateAnswer, "only delivery \(last.number) was answered; of the first: \(first)",
                        "answer the first, within 5 s"))
            } else if last.duration >= slow {
                findings.append(.slow(last.duration))
            }
            findings += last.warnings.map { Finding($0) }
        }
        guard let reply = last.reply else { return .found(.message, findings, otherwise: "") }
        let answer = reply == .none ? "nothing to say" : "a reply (\(reply.kind))"
        return .found(
            .message, findings, otherwise: "a text is answered with \(answer), in \(last.duration.brief)")
    }

    private func finding(_ fault: DeliveryFault, _ answer: CallbackAnswer?) async -> Finding {
        guard case .status(let status) = fault, [400, 401, 403, 422, 500].contains(status) else {
            return Finding(fault, answer: answer, url: url)
        }
        guard mode != .plain else {
            if status == 500 { return Finding(fault, answer: answer, url: url) }
            return Finding(
                .messageRefused,
                "the verification is accepted with this Token, and a plain message is refused (status \(status))",
                "if the server expects encrypted messages, choose the secure mode (安全模式) on the platform's settings page, "
                    + "or the plain one there; otherwise look into its log")
        }
        let plain = platform.inPlainMode
        let message = plain.prepare(.text(text), from: Self.openID)
        if await plain.deliverOnce(message).fault == nil {
            return Finding(
                .modeMismatch, "the server takes plain messages, and not encrypted ones (status \(status))",
                "give it the EncodingAESKey and the AppID, or choose the plain mode (明文模式) on the platform's settings page"
            )
        }
        return Finding(
            .encryptedMessageRefused,
            "the verification is accepted with this Token, and the encrypted message is refused (status \(status))",
            "compare the AppID and the EncodingAESKey with the server's, letter by letter: the key has 43 characters, and "
                + "the AppID is not the original ID (gh_…)")
    }

    // MARK: What proves nothing

    /// - Parameter takesPlain: Whether it is known already that the server takes plain messages.
    private func forgedStep(takesPlain: Bool) async -> ExaminationStep {
        let message = platform.prepare(.text(text), from: Self.openID)
        var request = platform.request(for: message)
        for name in ["signature", "msg_signature"] {
            if let place = request.query.firstIndex(where: { $0.name == name }) {
                request.query[place].value = CallbackRequest.wrongSignature()
            }
        }
        if await isReplied(request, message) {
            let finding = Finding(
                .forgedAccepted, "the server replies to a message whose signature is wrong",
                "compare the signature before anything else: msg_signature where a message is encrypted, signature otherwise"
            )
            return .found(.forgedMessage, [finding], otherwise: "")
        }
        if mode == .secure, !takesPlain {
            let plain = platform.inPlainMode
            let message = plain.prepare(.text(text), from: Self.openID)
            if await isReplied(plain.request(for: message), message) {
                let finding = Finding(
                    .plainAccepted, "the server replies to a plain message, though the account is in secure mode",
                    "refuse what is not encrypted: signature proves nothing about the body")
                return .found(.forgedMessage, [finding], otherwise: "")
            }
        }
        return .well(.forgedMessage, "a message that proves nothing gets no reply")
    }

    /// Whether the answer is a reply, and not the silence with which servers refuse too.
    private func isReplied(_ request: CallbackRequest, _ message: PreparedMessage) async -> Bool {
        // Not the first delivery, which would count as something a user did.
        let record = await platform.deliver(request, of: message, number: 2)
        guard let answer = record.answer, answer.status == 200, let fields = try? Fields(parsing: answer.body) else {
            return false
        }
        return fields["MsgType"] != nil || fields["Encrypt"] != nil
    }
}
