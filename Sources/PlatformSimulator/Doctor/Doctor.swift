public import FoundationEssentials
public import OfficialAccount

/// Goes through what goes wrong between the platform and a server, in any language, and says which of it does.
///
/// ```swift
/// let doctor = Doctor(TargetAddress.http("https://example.com/wechat"), account: AccountTexts(token: "YourToken"))
/// let examination = await doctor.examine { print($0.probe, $0.isWell) }
/// ```
///
/// It looks up, connects, and makes some GET requests, which change nothing; then it sends a text message and, with the
/// same text, up to three that a good server refuses.
public struct Doctor: Sendable {
    /// Where the server is.
    public let target: TargetAddress
    private let account: AccountProbe
    /// How patient the platform is.
    public var rule = DeliveryRule()
    /// From which time on an answer is called slow.
    public var slow = Duration.seconds(2)
    /// The message to send; `nil` for none.
    public var text: String? = "你好"
    /// The path of the account's URL, where the target is not an URL.
    public var path = "/wechat"
    /// What a web server's configuration would add, where the target is not an URL.
    public var variables: [String: String] = [:]
    /// Asks the platform's interface, where there is an AppSecret.
    public var interface: (@Sendable () async -> InterfaceVerdict)?
    /// The clock.
    public var now: @Sendable () -> Date = { Date() }
    /// A file of certificates that are trusted beside the system's, for tests.
    var trusting: String?

    /// Prepares an examination; nothing is sent yet.
    /// - Parameters:
    ///   - target: Where the server is.
    ///   - account: What its owner typed on the platform's settings page.
    public init(_ target: TargetAddress, account: AccountTexts) {
        self.target = target
        self.account = AccountProbe(account)
    }

    /// Prepares an examination of an account whose credentials have been read before; nothing is sent yet.
    /// - Parameters:
    ///   - target: Where the server is.
    ///   - credentials: What its owner typed on the platform's settings page.
    public init(_ target: TargetAddress, credentials: Credentials) {
        self.target = target
        account = AccountProbe(credentials)
    }

    /// Goes through all of it.
    /// - Parameter report: Gets each step when it is done.
    public func examine(_ report: (ExaminationStep) -> Void = { _ in }) async -> Examination {
        var examination = Examination()
        func add(_ step: ExaminationStep) {
            examination.steps.append(step)
            report(step)
        }
        let read = account
        add(.found(.account, read.findings, otherwise: "the account's texts can be right (\(mode(read)))"))
        var url: WebAddress?
        var isReached = true
        if case .http(let text) = target {
            url = WebAddress(text)
            isReached = await reach(text, url, add)
        }
        if isReached, let credentials = read.credentials {
            examination.steps += await talk(credentials, url, isWhole: read.findings.isEmpty, report)
        }
        if let interface { add(InterfaceProbe.step(await interface())) }
        return examination
    }

    private func mode(_ read: AccountProbe) -> String { "\(read.credentials?.encryption.rawValue ?? "no") mode" }

    /// The way to the server.
    private func reach(_ text: String, _ url: WebAddress?, _ add: (ExaminationStep) -> Void) async -> Bool {
        guard let url else {
            let finding = Finding(
                .urlForm, "this is no URL with a host", "write it like https://example.com/wechat")
            add(.found(.url, [finding], otherwise: ""))
            return false
        }
        var findings = url.findings
        if url.isLocal {
            findings.append(
                Finding(
                    .localAddress, "\(url.host) is reached from here alone",
                    "for the platform itself, register a public name at port 80 or 443"))
        }
        add(.found(.url, findings, otherwise: "\(url.isSecure ? "https" : "http") at port \(url.port)"))
        var steps = [await NameProbe.step(url)]
        add(steps[0])
        guard steps[0].isReachable else { return false }
        steps.append(await ConnectionProbe.step(url, patience: rule.patience))
        add(steps[1])
        guard steps[1].isReachable, url.isSecure else { return steps[1].isReachable }
        let tls = await TLSProbe(address: url, patience: rule.patience, trusting: trusting).step()
        add(tls)
        return tls.isReachable
    }

    /// What is said over it.
    private func talk(
        _ credentials: Credentials, _ url: WebAddress?, isWhole: Bool, _ report: (ExaminationStep) -> Void
    ) async -> [ExaminationStep] {
        let target = target.target(path: path, variables: variables)
        let steps = await talk(
            SimulatedPlatform(credentials: credentials, target: target, rule: rule, now: now), credentials.encryption,
            url, isWhole: isWhole, report)
        await target.finish()
        return steps
    }

    private func talk(
        _ platform: SimulatedPlatform, _ mode: EncryptionMode, _ url: WebAddress?, isWhole: Bool,
        _ report: (ExaminationStep) -> Void
    ) async -> [ExaminationStep] {
        let verification = await VerificationProbe(platform: platform, url: url, slow: slow, now: now).run(report)
        var steps = verification.steps
        func skip(_ why: String) {
            let step = ExaminationStep.skipped(.message, why)
            steps.append(step)
            report(step)
        }
        guard let text else {
            skip("no message was to be sent")
            return steps
        }
        guard verification.isAccepted else {
            skip("what is signed has to be accepted first")
            return steps
        }
        guard isWhole else {
            skip("the account's texts have to be right first")
            return steps
        }
        let probe = MessageProbe(
            platform: platform, mode: mode, url: url, slow: slow, text: text)
        return steps + (await probe.run(report))
    }
}

extension ExaminationStep {
    /// Whether what comes behind it can be looked at.
    fileprivate var isReachable: Bool { findings.allSatisfy { $0.severity != .error } }
}
