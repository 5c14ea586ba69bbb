/// Finds numbered entries by the hash of their keys: open addressing, with linear probing.
///
/// Beside a dictionary it keeps the hashes, so that removing and growing read nothing but this table: a dictionary would
/// hash the keys of the neighbours again.
struct SlotIndex {
    /// In each place the hash (the upper half) and the entry's number plus 1 (the lower half); 0 where it is free.
    private var places = ContiguousArray<UInt64>(repeating: 0, count: 64)
    private(set) var count = 0

    private var mask: Int { places.count - 1 }

    /// The number of the entry that has a hash and of which `isRight` says that it has the key.
    @inline(__always)
    func find(_ hash: UInt32, where isRight: (Int32) -> Bool) -> Int32? {
        var position = Int(hash) & mask
        while true {
            let place = places[position]
            if place == 0 { return nil }
            if UInt32(truncatingIfNeeded: place >> 32) == hash {
                let slot = Self.slot(place)
                if isRight(slot) { return slot }
            }
            position = (position + 1) & mask
        }
    }

    /// Adds an entry that is not in the table.
    mutating func add(_ slot: Int32, hash: UInt32) {
        // Three quarters full, probing is still short.
        if (count + 1) * 4 > places.count * 3 { grow() }
        put(UInt64(hash) << 32 | UInt64(UInt32(slot) + 1))
        count += 1
    }

    /// Removes an entry that is in the table.
    mutating func remove(_ slot: Int32, hash: UInt32) {
        let place = UInt64(hash) << 32 | UInt64(UInt32(slot) + 1)
        var hole = Int(hash) & mask
        while places[hole] != place { hole = (hole + 1) & mask }
        // What stands behind moves up, unless it would come before the place where the search for it begins.
        var position = (hole + 1) & mask
        while places[position] != 0 {
            let start = Int(places[position] >> 32) & mask
            if (position - start) & mask >= (position - hole) & mask {
                places[hole] = places[position]
                hole = position
            }
            position = (position + 1) & mask
        }
        places[hole] = 0
        count -= 1
    }

    private static func slot(_ place: UInt64) -> Int32 { Int32(UInt32(truncatingIfNeeded: place) - 1) }

    private mutating func put(_ place: UInt64) {
        var position = Int(place >> 32) & mask
        while places[position] != 0 { position = (position + 1) & mask }
        places[position] = place
    }

    private mutating func grow() {
        let old = places
        places = ContiguousArray(repeating: 0, count: old.count * 2)
        for place in old where place != 0 { put(place) }
    }
}
