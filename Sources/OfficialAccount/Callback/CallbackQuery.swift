/// The query parameters that the platform adds to the account's URL, percent-decoded.
public struct CallbackQuery: Sendable {
    /// The signature over token, timestamp and nonce: `signature`.
    public var signature: ArraySlice<UInt8>?
    /// When the platform signed, in seconds since 1970: `timestamp`.
    public var timestamp: ArraySlice<UInt8>?
    /// A random text: `nonce`.
    public var nonce: ArraySlice<UInt8>?
    /// What the answer to a URL verification must be: `echostr`.
    public var echostr: ArraySlice<UInt8>?
    /// The signature over token, timestamp, nonce and the encrypted message: `msg_signature`.
    public var messageSignature: ArraySlice<UInt8>?
    /// `aes` where the message is encrypted; `raw` or absent where not: `encrypt_type`.
    public var encryptType: ArraySlice<UInt8>?

    /// Creates parameters one by one.
    /// - Parameters:
    ///   - signature: `signature`.
    ///   - timestamp: `timestamp`.
    ///   - nonce: `nonce`.
    ///   - echostr: `echostr`.
    ///   - messageSignature: `msg_signature`.
    ///   - encryptType: `encrypt_type`.
    public init(
        signature: ArraySlice<UInt8>? = nil, timestamp: ArraySlice<UInt8>? = nil, nonce: ArraySlice<UInt8>? = nil,
        echostr: ArraySlice<UInt8>? = nil, messageSignature: ArraySlice<UInt8>? = nil,
        encryptType: ArraySlice<UInt8>? = nil
    ) {
        self.signature = signature
        self.timestamp = timestamp
        self.nonce = nonce
        self.echostr = echostr
        self.messageSignature = messageSignature
        self.encryptType = encryptType
    }

    /// Takes the parameters from wherever the web framework keeps them.
    /// - Parameter value: Gives the percent-decoded value of a parameter, the first where a name occurs twice.
    public init(_ value: (StaticString) -> ArraySlice<UInt8>?) {
        self.init(
            signature: value("signature"), timestamp: value("timestamp"), nonce: value("nonce"),
            echostr: value("echostr"), messageSignature: value("msg_signature"), encryptType: value("encrypt_type"))
    }
}
