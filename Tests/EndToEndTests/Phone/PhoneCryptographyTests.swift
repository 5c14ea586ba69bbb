import Foundation
import TestSupport
import Testing

extension PhoneTests {
    /// Both directions against openssl: nothing of it is shared with the page.
    @Suite("Signature and cipher in the browser")
    struct Cryptography {
        @Test("signatures are those that openssl made")
        func signatures() throws {
            let phone = try PhoneFixture()
            try phone.open()
            let made = try phone.browser.evaluateSoon(
                """
                const { signature } = await import("/phone/js/signature.js");
                return [await signature("VectorToken", "1409735669", "1320562132"),
                    await signature("VectorToken", "1409735669", "1320562132", given[0]), await signature("été", "zz", "😀")];
                """, FixedVectorTests.encrypted)
            #expect(
                made as? [String] == [
                    "f7afdf8393110f8e2062cb7e12bbc0b38515e103", FixedVectorTests.messageSignature,
                    signature(of: ["été", "zz", "😀"]),
                ])
            #expect(FixedVectorTests.query.contains("f7afdf8393110f8e2062cb7e12bbc0b38515e103"))
        }

        @Test("a message encrypted by openssl opens, and is encrypted to the same bytes")
        func vector() throws {
            let phone = try PhoneFixture()
            try phone.open()
            let made = try phone.browser.evaluateSoon(
                """
                const [{ MessageCipher }, { utf8, shownText }] = await Promise.all(
                    [import("/phone/js/cipher.js"), import("/phone/js/bytes.js")]);
                const cipher = await MessageCipher.of(given[0]);
                const opened = await cipher.decrypt(given[1]);
                return [shownText(opened.message), shownText(opened.appID),
                    await cipher.encrypt(given[2], given[3], utf8("0123456789abcdef"))];
                """, Account.firstKey, FixedVectorTests.encrypted, FixedVectorTests.message, Account.secure.appID)
            #expect(
                made as? [String] == [FixedVectorTests.message, Account.secure.appID, FixedVectorTests.encrypted])
        }

        @Test("padding of each length from 1 to 32 is taken off and put on")
        func padding() throws {
            let phone = try PhoneFixture()
            try phone.open()
            let (key, appID) = (Account.firstKey, Account.secure.appID)
            // 20 bytes stand before the message, and the AppID behind it: some of them fill each place in a block.
            let messages = (0..<32).map { String(repeating: "a", count: $0) }
            let encrypted = try messages.map { try AES.encrypt($0, key: key, appID: appID) }
            let made =
                try phone.browser.evaluateSoon(
                    """
                    const [{ MessageCipher }, { shownText }] = await Promise.all(
                        [import("/phone/js/cipher.js"), import("/phone/js/bytes.js")]);
                    const cipher = await MessageCipher.of(given[0]);
                    const opened = [], sealed = [];
                    for (const text of given[1]) opened.push(shownText((await cipher.decrypt(text)).message));
                    for (const message of given[2]) sealed.push(await cipher.encrypt(message, given[3]));
                    return [opened, sealed];
                    """, key, encrypted, messages, appID) as? [[String]]
            #expect(made?.first == messages)
            #expect(try made?.last?.map { try AES.decrypt($0, key: key, appID: appID) } == messages)
        }

        @Test("what was not encrypted so does not open")
        func refused() throws {
            let phone = try PhoneFixture()
            try phone.open()
            let bytes = try #require(Data(base64Encoded: FixedVectorTests.encrypted))
            var changed = bytes
            changed[changed.count - 1] ^= 1
            let texts = [
                changed.base64EncodedString(), bytes.dropLast(16).base64EncodedString(),
                bytes.dropLast(1).base64EncodedString(), bytes.prefix(16).base64EncodedString(), "", "not base64!",
            ]
            let codes =
                try phone.browser.evaluateSoon(
                    """
                    const { MessageCipher } = await import("/phone/js/cipher.js");
                    const cipher = await MessageCipher.of(given[0]);
                    return Promise.all(given[1].map((text) => cipher.decrypt(text).then(() => "opened", (error) => error.code)));
                    """, Account.firstKey, texts) as? [String]
            #expect(codes?.count == texts.count)
            #expect(codes?.contains("opened") == false)
            #expect(codes?.suffix(3) == ["length", "length", "base64"])
        }
    }
}
