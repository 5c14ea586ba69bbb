import TestSupport
import Testing

@Suite("URL verification")
struct VerificationTests {
    static let accounts: [Account] = [
        .single, .variables, .plain, .deeper, .compatible, .secure, .rotated, .rotatedBefore, .demo,
    ]

    @Test("echostr comes back, byte for byte and nothing around it", arguments: Front.allCases, accounts)
    func echoes(front: Front, account: Account) async throws {
        let response = try await front.answer(to: account.verification(echostr: "5837162940851726394"))
        #expect(response.status == 200)
        #expect(response.text == "5837162940851726394")
        #expect(response["Content-Type"]?.hasPrefix("text/plain") == true)
    }

    @Test("escapes in echostr are resolved once", arguments: Front.allCases)
    func unescapes(front: Front) async throws {
        let response = try await front.answer(to: Account.single.verification(echostr: "a%2Bb%20c%253D%E4%BD%A0"))
        #expect(response.text == "a+b c%3D你")
    }

    @Test("without echostr there is nothing to answer", arguments: Front.allCases)
    func needsEchostr(front: Front) async throws {
        let response = try await front.answer(to: Account.single.verification(echostr: nil))
        try expectRefusal(response, status: 400)
    }
}

/// Holds an answer to what every refusal is: its status, and one line of plain text that tells nothing.
func expectRefusal(
    _ response: HTTPResponse, status: Int, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    #expect(response.status == status, sourceLocation: sourceLocation)
    #expect(response["Content-Type"]?.hasPrefix("text/plain") == true, sourceLocation: sourceLocation)
    let lines = response.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 1 || (lines.count == 2 && lines[1].isEmpty), sourceLocation: sourceLocation)
    #expect(!response.text.isEmpty, sourceLocation: sourceLocation)
    #expect(!response.text.contains("Token") || !response.text.contains("Your"), sourceLocation: sourceLocation)
}
