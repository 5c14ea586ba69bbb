import Testing

@testable import OfficialAccountBot

/// What others may have written into a store.
@Suite("What a store holds that no version of the program wrote")
struct StoredBytesTests {
    /// Eight bytes in the place of others.
    private static func change(_ bytes: [UInt8], at place: Int, to number: UInt64) -> [UInt8] {
        var bytes = bytes
        for index in 0..<8 { bytes[place + index] = UInt8(truncatingIfNeeded: number >> (8 * UInt64(index))) }
        return bytes
    }

    private static let wrong: [UInt64] = [UInt64(bitPattern: -1), UInt64(Int64.max), UInt64(bitPattern: .min)]

    @Test("a record whose numbers one cannot reckon with is none", arguments: [12, 20, 28], wrong)
    func record(place: Int, number: UInt64) {
        let bytes = HandlingRecord(owner: .max, firstDelivery: 1).bytes
        #expect(HandlingRecord(bytes)?.owner == .max)
        #expect(HandlingRecord(Self.change(bytes, at: place, to: number)) == nil)
    }

    @Test("a session that says how many values it has, and lies, is none", arguments: wrong)
    func session(number: UInt64) {
        var session = Session()
        session.values["name"] = "value"
        let bytes = session.bytes
        #expect(Session(bytes)?.values == ["name": "value"])
        #expect(Session(Self.change(bytes, at: 2, to: number)) == nil)
    }

    @Test("debtors whose numbers one cannot reckon with are none", arguments: [1, 17, 25], wrong)
    func debtors(place: Int, number: UInt64) throws {
        var debtors = Debtors([])
        _ = debtors.note(.max, place: 0, at: 1, lifetime: 1)
        let bytes = try #require(debtors.bytes)
        #expect(Debtors(bytes).all.count == 1)
        #expect(Debtors(Self.change(bytes, at: place, to: number)).all.isEmpty)
    }
}
