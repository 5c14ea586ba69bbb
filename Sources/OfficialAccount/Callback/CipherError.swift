/// Why an encrypted message cannot be read. The cases are for the log: the one who sent it must not learn which it was.
public enum CipherError: Error, Hashable {
    /// The encrypted text is not base64.
    case notBase64
    /// The encrypted bytes are not a whole number of blocks, or too few to hold a message.
    case wrongLength
    /// Decryption gave no valid padding: most likely another key was used.
    case wrongPadding
    /// The length inside does not fit: most likely another key was used.
    case wrongMessageLength
    /// The message is for another AppID.
    case wrongAppID
}

extension CipherError: CustomStringConvertible {
    /// One line for a log, without anything of the message in it.
    public var description: String {
        switch self {
        case .notBase64: "Encrypt is not base64"
        case .wrongLength: "Encrypt is not a whole number of blocks"
        case .wrongPadding, .wrongMessageLength:
            "Encrypt does not open with this EncodingAESKey; is it the one on the platform's settings page?"
        case .wrongAppID: "the encrypted message is for another AppID than the one configured"
        }
    }
}
