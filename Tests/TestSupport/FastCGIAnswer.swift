/// What a responder answered to one request.
package struct FastCGIAnswer: Sendable, Equatable {
    package var id: UInt16
    package var applicationStatus: UInt32
    package var protocolStatus: UInt8
    /// Everything that came in STDOUT records.
    package var output: [UInt8]
    /// How many STDOUT records that were.
    package var recordCount: Int

    /// The header fields in order, as they were sent.
    package var headers: [(name: String, value: String)] {
        headerText.split(separator: "\r\n").map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            let value = parts.count > 1 ? parts[1].drop { $0 == " " } : ""
            return (String(parts.first ?? ""), String(value))
        }
    }

    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The HTTP status: that of the Status field, else 200.
    package var status: Int { header("Status").flatMap { Int($0.prefix(3)) } ?? 200 }

    package var body: [UInt8] { Array(output[bodyStart...]) }
    package var text: String { String(decoding: body, as: UTF8.self) }

    private var bodyStart: Int {
        let end: [UInt8] = [13, 10, 13, 10]
        for index in output.indices where output[index...].starts(with: end) { return index + 4 }
        return output.count
    }

    private var headerText: String {
        String(decoding: output[..<bodyStart], as: UTF8.self)
    }
}
