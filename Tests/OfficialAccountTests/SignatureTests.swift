import OfficialAccount
import Testing

@Suite("A signature")
struct SignatureTests {
    @Test("is the SHA-1 of the sorted texts as openssl computes it", arguments: Vectors.signatures)
    func vectors(parts: [String], expected: String) {
        #expect(Samples.string(Signature.signature(of: parts.map(Samples.slice))) == expected)
    }

    @Test("does not depend on the order of its texts", arguments: Vectors.signatures)
    func order(parts: [String], expected: String) {
        let parts = parts.map(Samples.slice)
        #expect(Signature.holds(Samples.slice(expected), over: parts))
        #expect(Signature.holds(Samples.slice(expected), over: parts.reversed()))
    }

    @Test("does not hold with any one digit changed")
    func everyDigit() {
        let parts = [Vectors.token, Vectors.timestamp, Vectors.nonce].map(Samples.slice)
        let signature = Signature.signature(of: parts)
        for index in signature.indices {
            var changed = signature
            changed[index] = changed[index] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
            #expect(!Signature.holds(changed[...], over: parts))
        }
    }

    @Test("does not hold when empty, cut short, lengthened or in upper case")
    func forms() {
        let parts = [Vectors.token, Vectors.timestamp, Vectors.nonce].map(Samples.slice)
        let signature = Samples.string(Signature.signature(of: parts))
        for wrong in ["", String(signature.dropLast()), signature + "0", " " + signature, signature.uppercased()] {
            #expect(!Signature.holds(Samples.slice(wrong), over: parts))
        }
    }
}
