/// What is kept of a request that does not arrive in one piece: the contents of its records, without headers and padding,
/// so that it takes what its limits allow however it is cut.
struct CollectedRequest: Sendable {
    private(set) var parameters: [UInt8] = []
    /// The body so far; empty once it is over its limit.
    private(set) var body: [UInt8] = []
    private let bodyLimit: Int
    private var isOverLimit = false

    init(bodyLimit: Int) { self.bodyLimit = bodyLimit }

    mutating func append(parameters bytes: UnsafeRawBufferPointer) { parameters.append(contentsOf: bytes) }

    mutating func append(body bytes: UnsafeRawBufferPointer) {
        guard !isOverLimit else { return }
        if bytes.count > bodyLimit - body.count {
            isOverLimit = true
            body = []
        } else {
            body.append(contentsOf: bytes)
        }
    }
}
