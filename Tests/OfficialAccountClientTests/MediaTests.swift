import Foundation
import HTTPStub
import NIOHTTP1
import OfficialAccount
import OfficialAccountBot
import Testing

@testable import OfficialAccountClient

@Suite("Media", .timeLimit(.minutes(1)))
struct MediaTests {
    private let id = medium("M-1_x/y+z=")
    private static let voice = HTTPStub.Answer.bytes(
        [0x23, 0x21, 0, 0xFF],
        headers: ["Content-Type": "audio/amr", "Content-disposition": #"attachment; filename="M1.amr""#])

    private func error(_ download: MediaDownload) async -> PlatformError? {
        do {
            _ = try await download.bytes()
            return nil
        } catch { return error }
    }

    @Test func aMediumIsFetchedWithItsTypeAndName() async throws {
        try await withPlatform({ _ in Self.voice }) { server, _ in
            let client = try platform(server)
            let download = try await client.media(id, form: .original, limit: 100)
            #expect(download.contentType == "audio/amr")
            #expect(download.fileName == "M1.amr")
            #expect(try await download.bytes() == [0x23, 0x21, 0, 0xFF])
            let request = try #require(server.requests(to: "/cgi-bin/media/get").first)
            #expect(request.query["media_id"] == "M-1_x%2Fy%2Bz%3D")
        }
    }

    @Test func aRecordingOfHigherQualityHasItsOwnCall() async throws {
        try await withPlatform({ _ in Self.voice }) { server, _ in
            _ = try await platform(server).media(id, form: .highQualityVoice, limit: 100).bytes()
            #expect(server.requests(to: "/cgi-bin/media/get/jssdk").count == 1)
        }
    }

    @Test func aVideoIsFetchedFromTheAddressThatThePlatformGives() async throws {
        let port = LockedPort()
        let server = try await HTTPStub { request in
            if request.path.hasSuffix("stable_token") { return .json(#"{"access_token":"T","expires_in":7200}"#) }
            switch request.path {
            case "/cgi-bin/media/get": return .json(#"{"video_url":"http://127.0.0.1:\#(port.value)/v/1"}"#)
            case "/v/1":
                return .bytes([], headers: ["Location": "http://127.0.0.1:\(port.value)/v/2"], status: .found)
            default: return .bytes([1, 2, 3], headers: ["Content-Type": "video/mp4"])
            }
        }
        port.value = server.port
        let download = try await platform(server).media(id, form: .original, limit: 100)
        #expect(download.contentType == "video/mp4")
        #expect(try await download.bytes() == [1, 2, 3])
        #expect(server.requests(to: "/v/1").first?.query.isEmpty == true)
        await server.stop()
    }

    @Test(arguments: ["file:///etc/passwd", "ftp://a/b", "", "/etc/passwd"])
    func aVideoIsFetchedByHTTPOnly(url: String) async throws {
        try await withPlatform({ _ in .json(#"{"video_url":"\#(url)"}"#) }) { server, _ in
            let client = try platform(server)
            let error = await failure { () async throws(PlatformError) in
                try await client.media(id, form: .original, limit: 100)
            }
            #expect(error?.reason == .unreadable)
        }
    }

    @Test(arguments: ["application/json", "text/plain"])
    func aMediumThatIsNotThereIsATypedError(type: String) async throws {
        let answer = HTTPStub.Answer.bytes(
            Array(#"{"errcode":40007,"errmsg":"invalid media_id"}"#.utf8), headers: ["Content-Type": type])
        try await withPlatform({ _ in answer }) { server, _ in
            let client = try platform(server)
            let error = await failure { () async throws(PlatformError) in
                try await client.media(id, form: .original, limit: 100)
            }
            #expect(error?.errcode == 40007)
        }
    }

    @Test func aRefusedTokenIsReplacedForMediaToo() async throws {
        try await withPlatform({ _ in Self.voice }) { server, desk in
            let client = try platform(server)
            _ = try await client.media(id, form: .original, limit: 100).bytes()
            desk.change()
            #expect(try await client.media(id, form: .original, limit: 100).bytes().count == 4)
        }
    }

    @Test func aMediumThatSaysItIsTooLargeIsNotRead() async throws {
        try await withPlatform({ _ in Self.voice }) { server, _ in
            let client = try platform(server)
            let error = await failure { () async throws(PlatformError) in
                try await client.media(id, form: .original, limit: 3)
            }
            #expect(error?.reason == .tooLarge(limit: 3))
        }
    }

    @Test func anEndlessMediumIsReadUpToTheLimit() async throws {
        try await withPlatform({ _ in .endlessBody(type: "audio/amr") }) { server, _ in
            let download = try await platform(server).media(id, form: .original, limit: 200_000)
            let found = await error(download)
            #expect(found?.reason == .tooLarge(limit: 200_000))
        }
    }

    @Test func aMediumThatStallsIsNotWaitedForWithoutEnd() async throws {
        try await withPlatform({ _ in .stalledBody(type: "audio/amr", [1, 2]) }) { server, _ in
            var timeouts = quick
            timeouts.silence = .milliseconds(300)
            let download = try await platform(server, timeouts: timeouts).media(id, form: .original, limit: 100)
            let found = await error(download)
            #expect(found?.reason == .unreachable)
        }
    }

    @Test func aMediumThatBreaksOffIsNotTakenForAWholeOne() async throws {
        try await withPlatform({ _ in .stalledBody(type: "audio/amr", [1, 2]) }) { server, _ in
            let client = try platform(server)
            let download = try await client.media(id, form: .original, limit: 100)
            let reading = Task { await error(download) }
            try await Task.sleep(for: .milliseconds(100))
            await client.caller.connections.shutdown()
            let found = await reading.value
            #expect(found?.reason == .unreachable)
        }
    }

    @Test func aSlowReaderIsWaitedFor() async throws {
        try await withPlatform({ _ in Self.voice }) { server, _ in
            var timeouts = quick
            timeouts.silence = .seconds(4)
            timeouts.medium = .seconds(4)
            let download = try await platform(server, timeouts: timeouts).media(id, form: .original, limit: 100)
            try await Task.sleep(for: .seconds(5))
            #expect(try await download.bytes().count == 4)
        }
    }

    // MARK: Files

    private func temporaryPath() -> String { NSTemporaryDirectory() + "wechat-media-\(UUID().uuidString)" }

    @Test func aMediumIsWrittenToAFileThatOnlyThisUserCanRead() async throws {
        try await withPlatform({ _ in Self.voice }) { server, _ in
            let path = temporaryPath()
            defer { unlink(path) }
            try await platform(server).media(id, form: .original, limit: 100).write(toFile: path)
            #expect(try Data(contentsOf: URL(filePath: path)) == Data([0x23, 0x21, 0, 0xFF]))
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test func noFileIsLeftOfAMediumThatFails() async throws {
        try await withPlatform({ _ in .endlessBody(type: "audio/amr") }) { server, _ in
            let path = temporaryPath()
            let download = try await platform(server).media(id, form: .original, limit: 200_000)
            let error = await #expect(throws: PlatformError.self) { try await download.write(toFile: path) }
            #expect(error?.reason == .tooLarge(limit: 200_000))
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }

    @Test func aFileThatIsThereStaysAsItIs() async throws {
        try await withPlatform({ _ in Self.voice }) { server, _ in
            let path = temporaryPath()
            try Data("mine".utf8).write(to: URL(filePath: path))
            defer { unlink(path) }
            let download = try await platform(server).media(id, form: .original, limit: 100)
            await #expect(throws: MediaFileError.self) { try await download.write(toFile: path) }
            #expect(try Data(contentsOf: URL(filePath: path)) == Data("mine".utf8))
        }
    }

    // MARK: Uploads

    @Test func aMediumIsUploadedAsAForm() async throws {
        let bytes = [UInt8](repeating: 0xAB, count: 300_000)
        try await withPlatform({ _ in .json(#"{"type":"voice","media_id":"NEW","created_at":1}"#) }) { server, _ in
            let upload = MediaUpload(
                kind: .voice, fileName: "a\"b\r\nc.mp3", contentType: "audio/mpeg\r\nX: y", bytes: bytes)
            let id = try await platform(server).upload(upload)
            #expect(id.rawValue == "NEW")
            let request = try #require(server.requests(to: "/cgi-bin/media/upload").first)
            #expect(request.query["type"] == "voice")
            let type = try #require(request.headers.first(name: "content-type"))
            let boundary = try #require(type.split(separator: "boundary=").last)
            #expect(type.hasPrefix("multipart/form-data; boundary="))
            let head =
                "--\(boundary)\r\nContent-Disposition: form-data; name=\"media\"; filename=\"a%22b__c.mp3\"; "
                + "filelength=300000\r\nContent-Type: application/octet-stream\r\n\r\n"
            #expect(request.body == Array(head.utf8) + bytes + Array("\r\n--\(boundary)--\r\n".utf8))
        }
    }

    @Test func aThumbnailHasItsIDUnderAnotherName() async throws {
        try await withPlatform({ _ in .json(#"{"type":"thumb","thumb_media_id":"TH","created_at":1}"#) }) { server, _ in
            let upload = MediaUpload(kind: .thumb, fileName: "a.jpg", contentType: "image/jpeg", bytes: [1])
            let id = try await platform(server).upload(upload)
            #expect(id.rawValue == "TH")
        }
    }

    @Test func anUploadWithoutAnIDIsUnreadable() async throws {
        try await withPlatform({ _ in .json(#"{"type":"image"}"#) }) { server, _ in
            let client = try platform(server)
            let upload = MediaUpload(kind: .image, fileName: "a.png", contentType: "image/png", bytes: [1])
            let error = await failure { () async throws(PlatformError) in try await client.upload(upload) }
            #expect(error?.reason == .unreadable)
        }
    }

    @Test(arguments: [
        (#"attachment; filename="voice.amr""#, "voice.amr"), ("attachment; filename=v.amr; x=1", "v.amr"),
        (#"attachment; FileName="../../etc/passwd""#, "passwd"), (#"attachment; filename="a\b\c.amr""#, "c.amr"),
        (#"attachment; filename="""#, nil), (#"attachment; filename="..""#, nil), ("attachment", nil), ("", nil),
        ("filename=", nil),
    ])
    func aFileNameHasNoFolders(header: String, name: String?) {
        #expect(fileName(inDisposition: header) == name)
    }
}
