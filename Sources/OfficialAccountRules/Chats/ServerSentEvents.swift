/// Reads a stream of server-sent events, as the HTML standard's chapter on them says, from pieces cut anywhere.
///
/// What it has of an event that is not complete is bounded.
struct ServerSentEvents {
    /// One event.
    struct Event: Equatable {
        /// The value of its last `event` field; empty where there is none.
        var name: [UInt8] = []
        /// The values of its `data` fields, with a line feed between two.
        var data: [UInt8] = []
    }

    /// A line, or an event, is longer than is read.
    struct TooLong: Error {}

    /// How many bytes a line, and the data of an event, may have.
    let limit: Int

    private var line: [UInt8] = []
    private var event = Event()
    private var hasData = false
    private var followsCarriageReturn = false
    private var isAtStart = true

    init(limit: Int = 256 << 10) { self.limit = limit }

    /// Reads a piece.
    /// - Parameters:
    ///   - bytes: The piece.
    ///   - handle: Called with each event that it completes; returns whether to go on.
    mutating func read(_ bytes: some Collection<UInt8>, _ handle: (Event) throws -> Bool) throws {
        let bytes = Array(bytes)
        var index = 0
        while index < bytes.count {
            let endsPair = followsCarriageReturn && bytes[index] == UInt8(ascii: "\n")
            followsCarriageReturn = false
            if endsPair {
                index += 1
                continue
            }
            let end = bytes[index...].firstIndex { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") } ?? bytes.count
            guard line.count + end - index <= limit else { throw TooLong() }
            line.append(contentsOf: bytes[index..<end])
            guard end < bytes.count else { return }
            followsCarriageReturn = bytes[end] == UInt8(ascii: "\r")
            index = end + 1
            if let event = try endLine(), try !handle(event) { return }
        }
    }

    /// Reads what the end of the stream left incomplete: not by the standard, but servers forget the last empty line.
    mutating func finish(_ handle: (Event) throws -> Bool) throws {
        if !line.isEmpty, let event = try endLine(), try !handle(event) { return }
        if let event = try endLine() { _ = try handle(event) }
    }

    /// Ends the line.
    /// - Returns: The event that it completes.
    private mutating func endLine() throws -> Event? {
        defer { line.removeAll(keepingCapacity: true) }
        if isAtStart {
            isAtStart = false
            if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        }
        guard !line.isEmpty else {
            defer { (event, hasData) = (Event(), false) }
            return hasData ? event : nil
        }
        let colon = line.firstIndex(of: UInt8(ascii: ":"))
        let name = line[..<(colon ?? line.endIndex)]
        var value = colon.map { line[($0 + 1)...] } ?? []
        if value.first == UInt8(ascii: " ") { value.removeFirst() }
        if name.elementsEqual("data".utf8) {
            guard event.data.count + value.count < limit else { throw TooLong() }
            if hasData { event.data.append(UInt8(ascii: "\n")) }
            event.data.append(contentsOf: value)
            hasData = true
        } else if name.elementsEqual("event".utf8) {
            event.name = Array(value)
        }
        return nil
    }
}
