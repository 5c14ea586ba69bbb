internal import NIOHTTP1
public import OfficialAccount
public import OfficialAccountBot

extension PlatformClient {
    /// Fetches a temporary medium; see `PlatformAPI.media(_:form:limit:)`.
    ///
    /// For a video the platform gives an address, which is followed, http(s) only and without the access token.
    public func media(_ mediaID: MediaID, form: MediaForm, limit: Int) async throws(PlatformError) -> MediaDownload {
        let name =
            switch form {
            case .original: "media/get"
            case .highQualityVoice: "media/get/jssdk"
            }
        let found = try await withToken { (token) async throws(PlatformError) -> Found in
            let call = Call.get(name, query: [token, ("media_id", mediaID.rawValue)])
            return try await caller.attempting(call, within: timeouts.call) { turn throws(CallFailure) in
                let answer = try await caller.open(call, turn)
                guard answer.status == .ok, !answer.isJSON else {
                    let video = try await answer.json(VideoAddress.self, until: turn.deadline)
                    return .video(at: video.video_url)
                }
                return .medium(answer)
            }
        }
        switch found {
        case .medium(let answer): return try download(answer, limit: limit)
        case .video(let url): return try download(try await video(at: url), limit: limit)
        }
    }

    /// Uploads a temporary medium; see `PlatformAPI.upload(_:)`.
    public func upload(_ upload: MediaUpload) async throws(PlatformError) -> MediaID {
        let multipart = Multipart(upload)
        let answer = try await withToken { (token) async throws(PlatformError) -> Uploaded in
            let call = Call.post(
                "media/upload", query: [token, ("type", upload.kind.rawValue)], body: multipart.body,
                contentType: multipart.contentType)
            return try await caller.json(call, within: timeouts.medium)
        }
        // A thumbnail's ID has a name of its own.
        guard let id = (answer.media_id ?? answer.thumb_media_id).flatMap(MediaID.init(rawValue:)) else {
            throw PlatformError(.unreadable, "the answer to media/upload has no media ID")
        }
        return id
    }

    private var timeouts: PlatformTimeouts { caller.connections.timeouts }

    private enum Found: Sendable {
        case medium(Answer)
        case video(at: String)
    }

    /// Opens the address of a video, with up to three redirections.
    private func video(at url: String) async throws(PlatformError) -> Answer {
        var url = url
        for _ in 0...3 {
            let scheme = url.prefix { $0 != ":" }.lowercased()
            guard scheme == "https" || scheme == "http" else {
                throw PlatformError(.unreadable, "a video's address is neither https nor http")
            }
            let call = Call(name: "a video", target: .url(url), isRepeatable: true)
            let answer = try await caller.attempting(call, within: timeouts.call) { turn throws(CallFailure) in
                let answer = try await caller.open(call, turn)
                guard answer.status.code < 500 else { throw .status(answer.status, call) }
                return answer
            }
            if answer.status == .ok { return answer }
            guard (300..<400).contains(answer.status.code), let next = answer.headers.first(name: "location") else {
                throw CallFailure.status(answer.status, call).error
            }
            url = next
        }
        throw PlatformError(.unreadable, "a video's address leads from one address to another without end")
    }

    private func download(_ answer: Answer, limit: Int) throws(PlatformError) -> MediaDownload {
        if let length = answer.headers.first(name: "content-length").flatMap(Int.init), length > limit {
            throw MediaPieces.tooLarge(limit)
        }
        let pieces = MediaPieces(answer, limit: limit, connections: caller.connections)
        return MediaDownload(
            contentType: answer.mediaType,
            fileName: answer.headers.first(name: "content-disposition").flatMap(fileName(inDisposition:)),
            pieces: AsyncThrowingStream { try await pieces.next() })
    }
}

private struct VideoAddress: Decodable, Sendable {
    var video_url: String
}

private struct Uploaded: Decodable, Sendable {
    var media_id: String?
    var thumb_media_id: String?
}

/// The name in a header such as `attachment; filename="voice.amr"`.
/// - Returns: A name without folders and control characters, or `nil` where there is none.
func fileName(inDisposition header: String) -> String? {
    let bytes = Array(header.utf8)
    let mark = Array("filename=".utf8)
    // The bit tells the case of letters apart.
    guard
        let start = bytes.indices.dropLast(mark.count - 1).first(where: { start in
            zip(bytes[start...], mark).allSatisfy { $0 | 0x20 == $1 | 0x20 }
        })
    else { return nil }
    var name = bytes[(start + mark.count)...]
    if name.first == UInt8(ascii: "\"") {
        name = name.dropFirst().prefix { $0 != UInt8(ascii: "\"") }
    } else {
        name = name.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") }
    }
    let last = name.split(whereSeparator: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }).last ?? name
    let text = String(decoding: last.filter { $0 >= 0x20 && $0 != 0x7F }.prefix(255), as: UTF8.self)
    return text.isEmpty || text == "." || text == ".." ? nil : text
}
