import Foundation
import OfficialAccountBot
import Testing

@Suite("A medium that is fetched")
struct MediaDownloadTests {
    private struct Broken: Error {}

    private actor Pieces {
        private var rest: [UInt8] = [1, 2, 3]
        func next() -> UInt8? { rest.isEmpty ? nil : rest.removeFirst() }
    }

    /// Three pieces; whoever reads them is cancelled while the second comes.
    private static func interrupted() -> MediaDownload {
        let rest = Pieces()
        return MediaDownload(
            contentType: "audio/amr", fileName: nil,
            pieces: AsyncThrowingStream {
                let piece = await rest.next()
                if piece == 2 { withUnsafeCurrentTask { $0?.cancel() } }
                return piece.map { [$0] }
            })
    }

    @Test("read by a task that is cancelled, it is an error and not the part that came")
    func cancelled() async {
        let bytes = await Task { try await Self.interrupted().bytes() }.result
        #expect(throws: PlatformError.self) { try bytes.get() }
    }

    @Test("written by a task that is cancelled, it leaves no file")
    func cancelledFile() async {
        let path = NSTemporaryDirectory() + "/medium-\(UUID())"
        let written = await Task { try await Self.interrupted().write(toFile: path) }.result
        #expect(throws: PlatformError.self) { try written.get() }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("what goes wrong in another way is an error of the same type, which says nothing of its content")
    func otherError() async {
        let download = MediaDownload(
            contentType: "audio/amr", fileName: nil, pieces: AsyncThrowingStream { throw Broken() })
        let error = await #expect(throws: PlatformError.self) { try await download.bytes() }
        #expect(error?.reason == .unreachable)
        #expect(error?.description.contains("Broken") == true)
    }
}
