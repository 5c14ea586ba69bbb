internal import FoundationEssentials
internal import NIOHTTP1
internal import OfficialAccountBot
internal import OutboundHTTP

/// The beginning of an answer, and what its body is read by.
struct Answer: Sendable {
    /// How many bytes an answer in JSON may have.
    static let largestJSON = 1 << 20

    var call: Call
    var host: String
    var status: HTTPResponseStatus
    var headers: HTTPHeaders
    var body: BodyReader

    /// Its media type in lower case, without parameters.
    var mediaType: String {
        headers.first(name: "content-type")?.split(separator: ";", omittingEmptySubsequences: false).first?
            .lowercased().trimming(" \t") ?? ""
    }

    /// Whether it is meant as JSON, which the platform also labels as plain text, and not as a medium.
    var isJSON: Bool {
        switch mediaType {
        case "application/json", "text/json", "text/plain", "text/javascript": true
        case "": headers.first(name: "content-disposition") == nil
        default: false
        }
    }

    /// Reads the body as JSON.
    /// - Parameter deadline: Until when.
    /// - Throws: ``CallFailure``, also where the platform refused the call.
    func json<Value: Decodable>(
        _: Value.Type, until deadline: ContinuousClock.Instant
    ) async throws(CallFailure) -> Value {
        let data = try await collected(until: deadline)
        let verdict = try? JSONDecoder().decode(Verdict.self, from: data)
        if let errcode = verdict?.errcode, errcode != 0 {
            throw CallFailure(
                error: Refusal.error(errcode: errcode, errmsg: verdict?.errmsg ?? "", call: call.name),
                repetition: errcode == Refusal.busy ? .safe : .pointless)
        }
        guard status == .ok else { throw .status(status, call) }
        guard verdict != nil else { throw .unreadable(call, "is not JSON") }
        guard let value = try? JSONDecoder().decode(Value.self, from: data) else {
            throw .unreadable(call, "lacks what the platform's documentation says")
        }
        return value
    }

    private func collected(until deadline: ContinuousClock.Instant) async throws(CallFailure) -> Data {
        do {
            return Data(try await body.bytes(atMost: Answer.largestJSON, until: deadline))
        } catch is BodyTooLarge {
            throw CallFailure.unreadable(call, "is larger than \(Answer.largestJSON) bytes")
        } catch { throw CallFailure(error, call, host: host) }
    }

    /// The part of every answer that says whether the call was accepted.
    private struct Verdict: Decodable {
        var errcode: Int?
        var errmsg: String?
    }
}

/// An answer of which nothing is wanted but that the call was accepted.
struct Accepted: Decodable {}

extension String {
    /// The text without the given characters at its ends.
    func trimming(_ characters: String) -> String {
        let start = drop(while: characters.contains)
        return String(start.reversed().drop(while: characters.contains).reversed())
    }
}
