internal import OfficialAccount

/// What the platform makes of an answer.
struct AnswerReading: Sendable {
    /// What the user is shown, or why the platform cannot use the answer.
    var result: Result<Reply, DeliveryFault>
    /// The reply's envelope after decryption, where it got that far.
    var xml: [UInt8]?
    var warnings: [AnswerWarning] = []
}

/// Reads answers as the platform does, as far as that is known.
struct AnswerReader {
    let seal: PlatformSeal
    let message: PreparedMessage
    /// In seconds since 1970.
    let now: Int64

    /// Reads an answer.
    func read(_ answer: CallbackAnswer) -> AnswerReading {
        var reading = AnswerReading(result: .success(.none))
        do throws(DeliveryFault) {
            reading.result = .success(try read(answer, noting: &reading))
        } catch {
            reading.result = .failure(error)
        }
        return reading
    }

    private func read(_ answer: CallbackAnswer, noting reading: inout AnswerReading) throws(DeliveryFault) -> Reply {
        guard answer.status == 200 else { throw .status(answer.status) }
        if answer.body.isEmpty || answer.body.elementsEqual("success".utf8) { return .none }
        let envelope = try fields(of: answer.body)
        let mediaType = answer.contentType?.prefix { $0 != ";" }.lowercased()
        if mediaType.map({ ["text/xml", "application/xml"].contains($0) }) != true {
            reading.warnings.append(.contentType(mediaType))
        }
        reading.xml = answer.body
        var fields = envelope
        if envelope["Encrypt"] != nil {
            reading.xml = nil
            let xml = try decrypt(envelope)
            reading.xml = xml
            fields = try self.fields(of: xml)
        } else if seal.mode == .secure {
            throw .notEncrypted
        }
        return try ReplyReader(fields: fields, message: message, now: now).read(warnings: &reading.warnings)
    }

    /// The elements of an envelope. Our own reader forgives what the platform does not, so that is looked for before.
    private func fields(of body: [UInt8]) throws(DeliveryFault) -> Fields {
        if body.starts(with: [0xEF, 0xBB, 0xBF]) { throw .byteOrderMark }
        guard let text = String(validating: body, as: UTF8.self) else { throw .notUTF8 }
        let start = text.drop(while: \.isWhitespace)
        switch start.first {
        case "{", "[", "\"": throw .json
        case "<": break
        default: throw .notXML
        }
        let tag = start.prefix(16).lowercased()
        if tag.hasPrefix("<!doctype") || tag.hasPrefix("<html") { throw .html }
        if tag.hasPrefix("<?xml"), start.startIndex > text.startIndex { throw .spaceBeforeDeclaration }
        if body.contains(where: { $0 < 0x20 && ![0x09, 0x0A, 0x0D].contains($0) }) { throw .controlCharacters }
        do { return try Fields(parsing: body) } catch { throw .notXML }
    }

    /// Opens an encrypted answer. The platform is stricter than whoever wants to read it has to be.
    private func decrypt(_ envelope: Fields) throws(DeliveryFault) -> [UInt8] {
        let opened = Result { () throws(PlatformSeal.ReplyError) in try seal.open(envelope) }
        if case .failure(let error) = opened {
            switch error {
            case .unexpected: throw .unexpectedlyEncrypted
            case .missing(let name): throw .missing(name)
            case .wrongSignature: throw .wrongSignature
            case .undecryptable, .wrongAppID: break
            }
        }
        guard Seconds(envelope.text("TimeStamp") ?? "") != nil else { throw .notSeconds("TimeStamp") }
        guard Self.decodedCount(envelope.text("Encrypt") ?? "").isMultiple(of: 32) else { throw .paddingNot32 }
        switch opened {
        case .success(let xml): return xml
        case .failure(.wrongAppID): throw .wrongAppID
        case .failure: throw .undecryptable
        }
    }

    /// How many bytes a base64 text stands for.
    private static func decodedCount(_ text: String) -> Int {
        let characters = text.utf8.count { $0 > 0x20 }
        let padding = text.utf8.count { $0 == UInt8(ascii: "=") }
        return characters / 4 * 3 - padding
    }
}

/// A time in seconds since 1970, told from one in milliseconds by its size.
struct Seconds {
    let value: Int64

    /// - Returns: `nil` for what is no number, or no time that a clock shows in seconds.
    init?(_ text: String) {
        guard let value = Int64(text), (1..<100_000_000_000).contains(value) else { return nil }
        self.value = value
    }
}
