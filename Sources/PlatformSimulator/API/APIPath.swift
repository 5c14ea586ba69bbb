/// The calls that the simulated interface knows, by path.
public enum APIPath: String, Sendable, Hashable, CaseIterable {
    /// Fetches an access token.
    case stableToken = "/cgi-bin/stable_token"
    /// Sends a customer-service message.
    case customSend = "/cgi-bin/message/custom/send"
    /// Shows or hides 「正在输入」.
    case customTyping = "/cgi-bin/message/custom/typing"
    /// Fetches a temporary medium.
    case mediaGet = "/cgi-bin/media/get"
    /// Fetches a recording at 16 kHz.
    case mediaGetHighQuality = "/cgi-bin/media/get/jssdk"
    /// Uploads a temporary medium.
    case mediaUpload = "/cgi-bin/media/upload"
    /// Lists the addresses that callbacks come from.
    case callbackAddresses = "/cgi-bin/getcallbackip"

    /// What the call is made with.
    var method: String {
        switch self {
        case .stableToken, .customSend, .customTyping, .mediaUpload: "POST"
        case .mediaGet, .mediaGetHighQuality, .callbackAddresses: "GET"
        }
    }
}
