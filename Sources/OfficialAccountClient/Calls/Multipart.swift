internal import NIOCore
internal import OfficialAccountBot

/// A body of `multipart/form-data` with one file (RFC 7578).
struct Multipart {
    let boundary: String
    let body: ByteBuffer

    init(_ upload: MediaUpload) {
        // 128 random bits do not occur in the file.
        var generator = SystemRandomNumberGenerator()
        boundary = "wechat-fcgi-" + String(generator.next(), radix: 16) + String(generator.next(), radix: 16)
        let head = """
            --\(boundary)\r\nContent-Disposition: form-data; name="media"; filename="\(Multipart.name(upload.fileName))"; \
            filelength=\(upload.bytes.count)\r\nContent-Type: \(Multipart.type(upload.contentType))\r\n\r\n
            """
        let end = "\r\n--\(boundary)--\r\n"
        var body = ByteBuffer()
        body.reserveCapacity(head.utf8.count + upload.bytes.count + end.utf8.count)
        body.writeString(head)
        body.writeBytes(upload.bytes)
        body.writeString(end)
        self.body = body
    }

    var contentType: String { "multipart/form-data; boundary=\(boundary)" }

    /// A file's name without what would end it or the header early, encoded as web browsers do it.
    private static func name(_ name: String) -> String {
        var result = ""
        for scalar in name.unicodeScalars {
            switch scalar {
            case "\"": result += "%22"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F: result += "_"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func type(_ type: String) -> String {
        let isOneLine = type.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
        return isOneLine && !type.isEmpty ? type : "application/octet-stream"
    }
}
