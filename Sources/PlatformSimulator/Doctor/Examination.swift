/// One thing that the doctor looks at.
public enum Probe: String, Sendable, Hashable, CaseIterable {
    /// Whether Token, AppID, AppSecret and key can be ones.
    case account
    /// Whether the platform would take the URL.
    case url
    /// Whether the name leads to an address.
    case dns
    /// Whether the port accepts connections.
    case connection
    /// Whether the certificate is accepted.
    case tls
    /// What a request without a signature is answered.
    case stranger
    /// Whether the URL can be verified.
    case verification
    /// Whether a wrong signature is refused.
    case forgery
    /// Whether the server's clock is right.
    case clock
    /// Whether a message is answered as the platform wants it.
    case message
    /// Whether a message that proves nothing is refused.
    case forgedMessage = "forged-message"
    /// Whether the platform's interface takes the AppSecret and this machine's address.
    case interface
}

/// What the doctor found with one probe.
public struct ExaminationStep: Sendable {
    /// What was looked at.
    public let probe: Probe
    /// What was seen where all is well, or why nothing was looked at.
    public let summary: String
    /// What is not well.
    public let findings: [Finding]
    /// Whether nothing was looked at.
    public let isSkipped: Bool

    /// Whether there is something to change.
    public var isWell: Bool { findings.allSatisfy { $0.severity == .note } }

    static func well(_ probe: Probe, _ summary: String) -> ExaminationStep {
        ExaminationStep(probe: probe, summary: summary, findings: [], isSkipped: false)
    }

    static func skipped(_ probe: Probe, _ why: String) -> ExaminationStep {
        ExaminationStep(probe: probe, summary: why, findings: [], isSkipped: true)
    }

    /// A step with findings, or one without any that says what was seen.
    static func found(_ probe: Probe, _ findings: [Finding], otherwise summary: String) -> ExaminationStep {
        ExaminationStep(probe: probe, summary: summary, findings: findings, isSkipped: false)
    }
}

/// All that the doctor found.
public struct Examination: Sendable {
    /// What was looked at, in order.
    public internal(set) var steps: [ExaminationStep] = []

    /// What is not well, each kind once, in the order in which it was found.
    public var findings: [Finding] {
        var seen: Set<FindingCode> = []
        return steps.flatMap(\.findings).filter { seen.insert($0.code).inserted }
    }

    /// Whether there is nothing to change; notes may be there.
    public var isWell: Bool { steps.allSatisfy(\.isWell) }
}
