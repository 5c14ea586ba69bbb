/// What a responder answered to one request.
public struct FastCGIAnswer: Sendable, Equatable {
    public var id: UInt16
    public var applicationStatus: UInt32
    public var protocolStatus: UInt8
    /// Everything that came in STDOUT records.
    public var output: [UInt8]
    /// How many STDOUT records that were.
    public var recordCount: Int

    /// The header fields in order, as they were sent.
    public var headers: [(name: String, value: String)] {
        headerText.split(separator: "\r\n").map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            let value = parts.count > 1 ? parts[1].drop { $0 == " " } : ""
            return (String(parts.first ?? ""), String(value))
        }
    }

    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The HTTP status: that of the Status field, else 200.
    public var status: Int { header("Status").flatMap { Int($0.prefix(3)) } ?? 200 }

    public var body: [UInt8] { Array(output[bodyStart...]) }
    public var text: String { String(decoding: body, as: UTF8.self) }

    private var bodyStart: Int {
        let end: [UInt8] = [13, 10, 13, 10]
        for index in output.indices where output[index...].starts(with: end) { return index + 4 }
        return output.count
    }

    private var headerText: String {
        String(decoding: output[..<bodyStart], as: UTF8.self)
    }
}
