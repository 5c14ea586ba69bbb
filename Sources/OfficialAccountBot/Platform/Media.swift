/// In which form a recording is fetched.
public enum MediaForm: Sendable {
    /// As the user sent it (amr).
    case original
    /// In speex at 16 kHz, which speech recognition does better with (`GET /cgi-bin/media/get/jssdk`).
    case highQualityVoice
}

/// A medium that is being fetched.
public struct MediaDownload: Sendable {
    /// Its type, as in Content-Type; empty where the platform gave none.
    public let contentType: String
    /// Its name as a file, where the platform gave one.
    public let fileName: String?
    /// Its bytes, in pieces as they arrive; it throws ``PlatformError``. To be read once. For a task that is cancelled it
    /// ends early, as such streams do: ``bytes()`` and ``write(toFile:)`` notice.
    public let pieces: AsyncThrowingStream<[UInt8], any Error>

    /// Creates a download.
    /// - Parameters:
    ///   - contentType: Its type.
    ///   - fileName: Its name as a file.
    ///   - pieces: Its bytes, in pieces as they arrive.
    public init(contentType: String, fileName: String?, pieces: AsyncThrowingStream<[UInt8], any Error>) {
        self.contentType = contentType
        self.fileName = fileName
        self.pieces = pieces
    }

    /// Reads all of it into memory.
    /// - Returns: The bytes.
    /// - Throws: ``PlatformError``, also where the task is cancelled before the end.
    public func bytes() async throws(PlatformError) -> [UInt8] {
        var all: [UInt8] = []
        var iterator = pieces.makeAsyncIterator()
        while let piece = try await Self.next(&iterator) { all.append(contentsOf: piece) }
        return all
    }

    /// The next piece; `nil` behind the last one alone.
    static func next(
        _ iterator: inout AsyncThrowingStream<[UInt8], any Error>.Iterator
    ) async throws(PlatformError) -> [UInt8]? {
        do {
            if let piece = try await iterator.next() { return piece }
        } catch let error as PlatformError {
            throw error
        } catch {
            throw PlatformError(.unreachable, "the medium was not read to its end (\(type(of: error))); fetch it again")
        }
        // A stream ends for a task that is cancelled as it does behind the last piece.
        guard !Task.isCancelled else {
            throw PlatformError(
                .unreachable, "the medium was not read to its end, since its task was cancelled; give it more time")
        }
        return nil
    }
}

/// A medium to upload.
public struct MediaUpload: Sendable {
    /// What it is, with the platform's own limits: `image` (10 MB: png, jpeg, gif), `voice` (2 MB, 60 s: amr, mp3),
    /// `video` (10 MB: mp4), `thumb` (64 KB: jpg).
    public enum Kind: String, Sendable { case image, voice, video, thumb }

    /// What it is.
    public var kind: Kind
    /// Its name as a file, whose ending tells the platform its format.
    public var fileName: String
    /// Its type, as in Content-Type.
    public var contentType: String
    /// Its bytes.
    public var bytes: [UInt8]

    /// Creates a medium to upload.
    /// - Parameters:
    ///   - kind: What it is.
    ///   - fileName: Its name as a file, such as `answer.mp3`.
    ///   - contentType: Its type, such as `audio/mpeg`.
    ///   - bytes: Its bytes.
    public init(kind: Kind, fileName: String, contentType: String, bytes: [UInt8]) {
        self.kind = kind
        self.fileName = fileName
        self.contentType = contentType
        self.bytes = bytes
    }
}
