internal import Glibc

/// The keys and the values of a ``MemoryTable``: a cell for each slot, all of one size.
///
/// An array for each key and each value would be freed long after it was made, when no cache has anything of it any more,
/// and the allocator would look at its neighbours too. Here a slot is written again without reading what was there, and
/// slots that follow one another are next to each other.
struct MemoryCells: ~Copyable {
    /// What is known of a value beside its bytes.
    struct Header {
        /// 0 where the slot is free.
        var revision: UInt64 = 0
        var expiry: Int64 = 0
        var hash: UInt32 = 0
        var keyCount: UInt32 = 0
        var valueCount: UInt32 = 0
        /// Where key and value are that do not fit into the cell.
        var outside: UnsafeMutableRawPointer?
    }

    /// Four cache lines: room for a key and an answer of some forty Chinese characters.
    private static let size = 256
    private static let room = size - MemoryLayout<Header>.stride
    private static let sheetShift = 13
    private static let sheetBytes = size << sheetShift

    private var sheets: ContiguousArray<UnsafeMutableRawPointer> = []
    /// How many slots there are.
    private(set) var count = 0

    deinit {
        for slot in 0..<count { self[Int32(slot)].outside?.deallocate() }
        for sheet in sheets { sheet.deallocate() }
    }

    private func cell(_ slot: Int32) -> UnsafeMutableRawPointer {
        sheets[Int(slot) >> Self.sheetShift] + (Int(slot) & (1 << Self.sheetShift - 1)) * Self.size
    }

    subscript(slot: Int32) -> Header {
        get { cell(slot).load(as: Header.self) }
        nonmutating _modify { yield &cell(slot).assumingMemoryBound(to: Header.self).pointee }
    }

    /// Adds a slot behind those that are there.
    mutating func add() -> Int32 {
        if count >> Self.sheetShift == sheets.count {
            // Of the alignment that large pages have: what is looked at all over the table takes far fewer of them.
            let sheet = UnsafeMutableRawPointer.allocate(byteCount: Self.sheetBytes, alignment: Self.sheetBytes)
            // The first one would be most of what a small process takes.
            if !sheets.isEmpty { madvise(sheet, Self.sheetBytes, MADV_HUGEPAGE) }
            sheets.append(sheet)
        }
        let slot = Int32(count)
        cell(slot).initializeMemory(as: Header.self, to: Header())
        count += 1
        return slot
    }

    /// Writes key and value of a slot.
    func write(_ key: StoreKey, _ value: [UInt8], to slot: Int32) {
        let total = key.bytes.count + value.count
        self[slot].outside?.deallocate()
        self[slot].outside = total > Self.room ? .allocate(byteCount: total, alignment: 1) : nil
        self[slot].keyCount = UInt32(key.bytes.count)
        self[slot].valueCount = UInt32(value.count)
        key.bytes.withUnsafeBytes { bytes(of: slot).copyMemory(from: $0) }
        value.withUnsafeBytes { valueBytes(of: slot).copyMemory(from: $0) }
    }

    /// Writes the value of a slot whose key stays.
    func write(_ value: [UInt8], to slot: Int32, key: StoreKey) {
        guard self[slot].outside == nil, key.bytes.count + value.count <= Self.room else {
            return write(key, value, to: slot)
        }
        self[slot].valueCount = UInt32(value.count)
        value.withUnsafeBytes { valueBytes(of: slot).copyMemory(from: $0) }
    }

    /// Frees a slot.
    func clear(_ slot: Int32) {
        self[slot].outside?.deallocate()
        self[slot] = Header()
    }

    /// Whether a slot has a key.
    func holds(_ key: StoreKey, in slot: Int32) -> Bool {
        guard Int(self[slot].keyCount) == key.bytes.count else { return false }
        return key.bytes.withUnsafeBytes { wanted in
            guard let first = wanted.baseAddress, let found = bytes(of: slot).baseAddress else { return true }
            return memcmp(found, first, wanted.count) == 0
        }
    }

    /// The value of a slot.
    func value(of slot: Int32) -> [UInt8] { Array(valueBytes(of: slot)) }

    private func valueBytes(of slot: Int32) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: bytes(of: slot)[Int(self[slot].keyCount)...])
    }

    private func bytes(of slot: Int32) -> UnsafeMutableRawBufferPointer {
        let header = self[slot]
        return UnsafeMutableRawBufferPointer(
            start: header.outside ?? cell(slot) + MemoryLayout<Header>.stride,
            count: Int(header.keyCount) + Int(header.valueCount))
    }
}
