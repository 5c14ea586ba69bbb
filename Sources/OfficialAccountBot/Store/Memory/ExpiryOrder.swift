/// Numbered entries in the order in which they expire.
///
/// Those that live equally long expire in the order in which they were added. So there is one line for each lifetime, and a
/// heap of the lines: with the few lifetimes that a program uses, adding and removing take a handful of steps, however many
/// entries there are; with as many lifetimes as entries it is an ordinary heap.
struct ExpiryOrder {
    private struct Link {
        var expiry: Int64
        var previous: Int32
        var next: Int32
        var line: Int32
    }

    private struct Line {
        var lifetime: Int64
        var first: Int32
        var last: Int32
        var position: Int
    }

    private struct Head {
        /// When the first of the line expires; never where the line is empty.
        var expiry: Int64
        var line: Int32
    }

    private static let none: Int32 = -1
    /// How many lines are kept when they become empty: the common ones are used again at once.
    private static let keptLines = 32

    private var links = ContiguousArray<Link>()
    private var lines = ContiguousArray<Line>()
    private var freeLines: [Int32] = []
    private var lineOfLifetime: [Int64: Int32] = [:]
    private var heap = ContiguousArray<Head>()

    /// The entry that expires first.
    var soonest: (slot: Int32, expiry: Int64)? {
        guard let head = heap.first else { return nil }
        let slot = lines[Int(head.line)].first
        return slot == Self.none ? nil : (slot, head.expiry)
    }

    /// Adds an entry that is not in the order.
    /// - Parameters:
    ///   - slot: Its number, from 0 and dense.
    ///   - lifetime: How long it lives, from a moment not before those of all earlier calls.
    ///   - expiry: When it expires.
    mutating func add(_ slot: Int32, lifetime: Int64, expiry: Int64) {
        let number = line(of: lifetime)
        let last = lines[Int(number)].last
        let link = Link(expiry: expiry, previous: last, next: Self.none, line: number)
        if Int(slot) == links.count { links.append(link) } else { links[Int(slot)] = link }
        lines[Int(number)].last = slot
        if last == Self.none {
            lines[Int(number)].first = slot
            setExpiry(expiry, at: lines[Int(number)].position)
        } else {
            links[Int(last)].next = slot
        }
    }

    /// Removes an entry that is in the order.
    mutating func remove(_ slot: Int32) {
        let link = links[Int(slot)]
        let number = Int(link.line)
        if link.next == Self.none {
            lines[number].last = link.previous
        } else {
            links[Int(link.next)].previous = link.previous
        }
        if link.previous != Self.none {
            links[Int(link.previous)].next = link.next
            return
        }
        lines[number].first = link.next
        if link.next != Self.none {
            setExpiry(links[Int(link.next)].expiry, at: lines[number].position)
        } else if lineOfLifetime.count > Self.keptLines {
            removeLine(link.line)
        } else {
            setExpiry(.max, at: lines[number].position)
        }
    }

    // MARK: Lines

    private mutating func line(of lifetime: Int64) -> Int32 {
        // Few lines are all in use, and quicker looked through than looked up.
        if lines.count <= 8, let number = lines.firstIndex(where: { $0.lifetime == lifetime }) { return Int32(number) }
        if let number = lineOfLifetime[lifetime] { return number }
        let line = Line(lifetime: lifetime, first: Self.none, last: Self.none, position: heap.count)
        let number: Int32
        if let reused = freeLines.popLast() {
            number = reused
            lines[Int(number)] = line
        } else {
            number = Int32(lines.count)
            lines.append(line)
        }
        lineOfLifetime[lifetime] = number
        heap.append(Head(expiry: .max, line: number))
        return number
    }

    private mutating func removeLine(_ number: Int32) {
        let position = lines[Int(number)].position
        lineOfLifetime[lines[Int(number)].lifetime] = nil
        freeLines.append(number)
        let last = heap.removeLast()
        guard position < heap.count else { return }
        // What stood there may be before or after the one that takes its place.
        place(last, at: position)
        setExpiry(last.expiry, at: position)
    }

    // MARK: The heap of lines

    private mutating func place(_ head: Head, at position: Int) {
        heap[position] = head
        lines[Int(head.line)].position = position
    }

    private mutating func setExpiry(_ expiry: Int64, at start: Int) {
        let head = Head(expiry: expiry, line: heap[start].line)
        var position = start
        while position > 0, heap[(position - 1) / 2].expiry > expiry {
            place(heap[(position - 1) / 2], at: position)
            position = (position - 1) / 2
        }
        while 2 * position + 1 < heap.count {
            var child = 2 * position + 1
            if child + 1 < heap.count, heap[child + 1].expiry < heap[child].expiry { child += 1 }
            guard heap[child].expiry < expiry else { break }
            place(heap[child], at: position)
            position = child
        }
        place(head, at: position)
    }
}
