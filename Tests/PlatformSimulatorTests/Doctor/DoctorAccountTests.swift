import OfficialAccount
import PlatformSimulator
import TestSupport
import Testing

@Suite("What the doctor finds about an account", .serialized)
struct DoctorAccountTests {
    static func examine(_ texts: AccountTexts) async throws -> [FindingCode] {
        let good = try DoctorServer()
        let server = try ScriptedServer { good.answer($0) }
        var doctor = Doctor(.http(server.url), account: texts)
        doctor.rule = DeliveryRule(patience: .seconds(20), deliveries: 1)
        doctor.slow = .seconds(10)
        return await doctor.examine().findings.map(\.code).filter { $0 != .localAddress }
    }

    static let texts: [(AccountTexts, [FindingCode])] = [
        (AccountTexts(token: "YourToken"), []),
        (AccountTexts(token: "Your Token"), [.tokenForm]),
        (AccountTexts(token: "ab"), [.tokenForm]),
        (AccountTexts(), [.credentialMissing]),
        (AccountTexts(token: "YourToken", appID: "wx", encodingAESKey: Accounts.key), [.appIDForm]),
        (AccountTexts(token: "YourToken", appSecret: "short"), [.appSecretForm]),
        (
            AccountTexts(token: "YourToken", appID: Accounts.appID, encodingAESKey: Accounts.key + "="),
            [.aesKeyLength]
        ),
        (
            AccountTexts(token: "YourToken", appID: Accounts.appID, encodingAESKey: String(Accounts.key.dropLast())),
            [.aesKeyLength]
        ),
        (
            AccountTexts(
                token: "YourToken", appID: Accounts.appID, encodingAESKey: "-" + Accounts.key.dropFirst()),
            [.aesKeyForm]
        ),
        (AccountTexts(token: "YourToken", encodingAESKey: Accounts.key), [.credentialMissing]),
        (AccountTexts(token: "YourToken", encryption: .secure), [.credentialMissing]),
    ]

    @Test("A text that can be nothing is named", arguments: texts.indices)
    func forms(index: Int) async throws {
        let (texts, codes) = Self.texts[index]
        #expect(try await Self.examine(texts) == codes)
    }

    @Test(
        "What the platform's interface refuses is named",
        arguments: [
            (InterfaceVerdict.accepted, nil), (.refused(errcode: 40125, "x"), .secretRefused),
            (.refused(errcode: 40164, "x"), .addressRefused), (.refused(errcode: 40013, "x"), .appIDRefused),
            (.refused(errcode: 48001, "x"), .interfaceRefused), (.unreachable("x"), .interfaceUnreachable),
        ] as [(InterfaceVerdict, FindingCode?)])
    func interface(verdict: InterfaceVerdict, code: FindingCode?) async throws {
        let good = try DoctorServer()
        let server = try ScriptedServer { good.answer($0) }
        var doctor = Doctor(.http(server.url), credentials: try Accounts.credentials(.plain))
        doctor.rule = DeliveryRule(patience: .seconds(20), deliveries: 1)
        doctor.slow = .seconds(10)
        doctor.interface = { verdict }
        let examination = await doctor.examine()
        #expect(examination.findings.map(\.code).filter { $0 != .localAddress } == (code.map { [$0] } ?? []))
        #expect(examination.isWell == (code == nil))
    }

    @Test("No secret is in a finding")
    func secrets() async throws {
        let texts = AccountTexts(
            token: "Your Token", appID: "w x", appSecret: "sec ret", encodingAESKey: "aes key")
        let doctor = Doctor(.cgi("/bin/true"), account: texts)
        let examination = await doctor.examine()
        #expect(examination.findings.count == 4)
        for finding in examination.findings {
            for secret in ["Your Token", "sec ret", "aes key"] { #expect(!"\(finding)".contains(secret)) }
        }
        #expect(!"\(texts)".contains("sec"))
    }

    @Test("Codes are words in lower case, and each finding says what to change")
    func codes() {
        for code in FindingCode.allCases {
            #expect(code.rawValue.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" })
        }
    }
}
