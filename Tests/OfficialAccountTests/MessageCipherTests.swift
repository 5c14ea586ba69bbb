import OfficialAccount
import Testing

@Suite("The message cipher")
struct MessageCipherTests {
    private func cipher(key: String, appID: String?) throws -> MessageCipher {
        MessageCipher(key: try EncodingAESKey(parsing: key), appID: try appID.map { try AppID(parsing: $0) })
    }

    @Test("encrypts to what openssl does", arguments: Vectors.encrypted)
    func encrypts(_ vector: Vectors.Encrypted) throws {
        var generator = FixedGenerator(vector.random)
        let encrypted = try cipher(key: vector.key, appID: vector.appID).encrypt(
            Samples.bytes(vector.message), appID: Samples.bytes(vector.appID), using: &generator)
        #expect(Samples.string(encrypted) == vector.encrypt)
    }

    @Test("decrypts what openssl encrypted", arguments: Vectors.encrypted)
    func decrypts(_ vector: Vectors.Encrypted) throws {
        let opened = try cipher(key: vector.key, appID: vector.appID).decrypt(Samples.slice(vector.encrypt))
        #expect(Samples.string(opened.message) == vector.message)
        #expect(Samples.string(opened.appID) == vector.appID)
    }

    @Test("pads with 1 to 32 bytes: the vectors have short, long and whole ones")
    func paddings() {
        #expect(Set(Vectors.encrypted.map(\.padding)).isSuperset(of: [1, 15, 16, 17, 18, 24, 31, 32]))
    }

    @Test("round-trips every length around the blocks")
    func lengths() throws {
        let cipher = try cipher(key: Vectors.key, appID: Vectors.appID)
        var generator = SeededGenerator(seed: 1)
        for length in 0...100 {
            let message = [UInt8](repeating: 0x41, count: length)
            let encrypted = cipher.encrypt(message, appID: Samples.bytes(Vectors.appID), using: &generator)
            #expect(encrypted.count % 4 == 0)
            #expect(try cipher.decrypt(encrypted[...]).message == message)
        }
    }

    @Test("accepts base64 with white space in it")
    func whiteSpace() throws {
        let vector = try #require(Vectors.encrypted.first)
        let wrapped = vector.encrypt.enumerated().map { $0 % 76 == 0 ? "\r\n\t \($1)" : "\($1)" }.joined() + "\n"
        let opened = try cipher(key: vector.key, appID: vector.appID).decrypt(Samples.slice(wrapped))
        #expect(Samples.string(opened.message) == vector.message)
    }

    @Test("refuses hostile texts", arguments: Vectors.hostile.map(\.name))
    func hostile(_ name: String) throws {
        let vector = try #require(Vectors.hostile.first { $0.name == name })
        let cipher = try cipher(key: Vectors.key, appID: Vectors.appID)
        #expect(throws: CipherError.self) { try cipher.decrypt(Samples.slice(vector.encrypt)) }
    }

    @Test("says in the log what is wrong")
    func errors() throws {
        let cipher = try cipher(key: Vectors.key, appID: Vectors.appID)
        let expected: [String: CipherError] = [
            "not base64": .notBase64, "one block": .wrongLength, "padding of 33": .wrongPadding,
            "a length of 4294967295": .wrongMessageLength, "shorter than its head": .wrongMessageLength,
            "no AppID": .wrongAppID, "an AppID and more": .wrongAppID,
        ]
        for (name, error) in expected {
            let vector = try #require(Vectors.hostile.first { $0.name == name })
            #expect(throws: error) { try cipher.decrypt(Samples.slice(vector.encrypt)) }
        }
    }

    @Test("refuses another account's message where an AppID is configured, and accepts it where none is")
    func appID() throws {
        let vector = try #require(Vectors.encrypted.first { $0.appID == Vectors.otherAppID })
        #expect(throws: CipherError.wrongAppID) {
            try cipher(key: vector.key, appID: Vectors.appID).decrypt(Samples.slice(vector.encrypt))
        }
        let opened = try cipher(key: vector.key, appID: nil).decrypt(Samples.slice(vector.encrypt))
        #expect(Samples.string(opened.appID) == Vectors.otherAppID)
    }

    @Test("refuses every text cut short and every one with a character changed, or reads it: it never crashes")
    func mutations() throws {
        let vector = try #require(Vectors.encrypted.first)
        let cipher = try cipher(key: vector.key, appID: vector.appID)
        let text = Samples.bytes(vector.encrypt)
        for length in text.indices {
            #expect(throws: CipherError.self) { try cipher.decrypt(text[..<length]) }
        }
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<5000 {
            var changed = text
            changed[Int.random(in: text.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            _ = try? cipher.decrypt(changed[...])
        }
    }
}
