/// The vocabulary of FastCGI's records (FastCGI Specification 1.0, sections 3.3 and 8).
enum Record {
    static let version: UInt8 = 1
    static let headerLength = 8
    static let responder: UInt16 = 1
    static let keepConnectionFlag: UInt8 = 1

    static let beginRequest: UInt8 = 1
    static let abortRequest: UInt8 = 2
    static let endRequest: UInt8 = 3
    static let params: UInt8 = 4
    static let stdin: UInt8 = 5
    static let stdout: UInt8 = 6
    static let stderr: UInt8 = 7
}
