import FastCGI
import TestSupport

/// Answers with the body that came, or says what is wrong with it.
@Sendable func echo(_ request: Request) async -> Response {
    do throws(BodyError) {
        return Response(contentType: "text/plain", body: try request.body)
    } catch {
        switch error {
        case .tooLarge(let limit): return .plain(413, "over \(limit)")
        case .cutShort: return .plain(400, "cut short")
        }
    }
}

func utf8(_ text: String) -> [UInt8] { Array(text.utf8) }
