extension DeliveryRecord {
    /// What is wrong and what to change, where the delivery failed.
    public var finding: Finding? {
        guard let fault else { return nil }
        if case .status(let status) = fault, [401, 403].contains(status) {
            return Finding(
                .messageRefused, "the message is refused with \(status)",
                "compare Token, AppID, EncodingAESKey and mode with the server's, letter by letter"
                    + (answer?.isRefusalByProgram == true ? CallbackAnswer.tokenOfWebServer : ""))
        }
        return Finding(fault, answer: answer, url: url)
    }
}

extension VerificationRecord {
    /// What is wrong and what to change, where the URL is not taken.
    public var finding: Finding? {
        guard let fault else { return nil }
        guard let answer, answer.status != 200 else { return Finding(fault) }
        if [400, 401, 403, 422].contains(answer.status) {
            return VerificationDiagnosis.refusal(answer, isLikeStranger: false, url: url)
        }
        return .status(answer, of: "the verification", url: url)
    }
}
