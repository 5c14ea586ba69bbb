import Foundation

extension [UInt8] {
    init?(base64 text: [UInt8]) {
        guard let data = Data(base64Encoded: Data(text)) else { return nil }
        self = Array(data)
    }

    var base64: [UInt8] { Array(Data(self).base64EncodedData()) }
}
