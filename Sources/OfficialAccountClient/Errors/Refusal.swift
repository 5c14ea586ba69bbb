internal import OfficialAccountBot

/// What the platform's `errcode` means to the person who runs the program.
enum Refusal {
    /// The platform was busy and did nothing.
    static let busy = -1
    /// 「正在输入」 is shown already.
    static let alreadyTyping = 45081
    /// The access token is not the platform's newest, not one at all, or over its time.
    static let tokenCodes: Set<Int> = [40001, 40014, 42001]

    /// The error for a refused call.
    /// - Parameters:
    ///   - errcode: The platform's number.
    ///   - errmsg: The platform's text, of which only an address and the request's number are taken: the rest may
    ///     repeat what was sent.
    ///   - call: The call's name.
    static func error(errcode: Int, errmsg: String, call: String) -> PlatformError {
        var text = "the platform refused \(call) with errcode \(errcode): \(advice(errcode, errmsg))"
        if let request = requestNumber(errmsg) { text += " (rid \(request))" }
        return PlatformError(.refused(errcode: errcode), text)
    }

    private static func advice(_ errcode: Int, _ errmsg: String) -> String {
        if errcode == 40164 {
            let address = address(errmsg).map { "the address \($0)" } ?? "this machine's address"
            return "\(address) is not on the account's IP list (IP白名单); add it on the platform's settings page"
        }
        if let advice = table[errcode] { return advice }
        return switch errcode {
        case 40000..<41000: "something in the call is not accepted"
        case 41000..<42000: "something is missing in the call"
        case 43000..<44000: "the user or the account does not allow it"
        case 44000..<45000: "something in the call is empty"
        case 45000..<46000: "a limit of the platform's"
        case 46000..<47000: "what it is about does not exist"
        case 48000..<49000: "the account lacks the permission; see 接口权限 on the platform's settings page"
        case 50000..<51000: "the user or the account is barred from it"
        case 61000..<62000:
            """
            a rule for accounts that a third-party platform (第三方平台) manages, or for customer service; check what the \
            account has authorized
            """
        case 65000..<66000: "customer service refuses it; check that it is enabled for the account"
        case 89000..<90000: "this machine's address awaits the administrator's consent; look for the request in WeChat"
        default: "look the number up on the platform's page of return codes (全局返回码)"
        }
    }

    private static let table: [Int: String] = [
        -1: "the platform is busy; try again later",
        40001: """
        the access token is not the newest one, or the AppSecret is not this AppID's; where another program fetches \
        tokens for the account, let both use /cgi-bin/stable_token, and check the AppSecret
        """,
        40002: "a proxy or the platform's address changes the call; check the platform's address",
        40003: "the OpenID is not one of this account's followers",
        40004: "this kind of medium is not accepted; it must be image, voice, video or thumb",
        40005: "this file's format is not accepted",
        40006: "the file's size is not accepted",
        40007: "the media ID is unknown; temporary media are kept for three days and belong to one account",
        40008: "this kind of message is not accepted",
        40009: "the picture is too large",
        40010: "the recording is too large",
        40011: "the video is too large",
        40012: "the thumbnail is too large; 64 KB is the limit",
        40013: "the AppID is not valid; copy it again from the platform's settings page",
        40014: "the access token is not valid; check that the AppID and the AppSecret belong together",
        40125: "the AppSecret is wrong; copy it again from the platform's settings page, or reset it there",
        40243: "the AppSecret is frozen; unfreeze it on the platform's settings page",
        41001: "the access token did not arrive; check that no proxy takes it away",
        42001: "the access token is over its time; check this machine's clock",
        43004: "the user does not follow the account",
        44004: "the text is empty",
        45001: "the file is too large",
        45002: "the text is too long; send it in parts",
        45003: "the title is too long",
        45004: "the description is too long",
        45007: "the recording is too long; 60 s is the limit",
        45008: "too many articles; a message sent this way has one",
        45009: "the day's quota of this call is used up; it can be cleared on the platform's settings page",
        45011: "too many calls in a minute; send less often",
        45015: """
        the user has not written to the account for 48 hours, or has only tapped something more than a minute ago; \
        wait until the user writes
        """,
        45047: "too many messages since the user last did something: five after a message, three after other events",
        45080: "the user has not written in the last seconds, so that nothing can be shown as being typed",
        46004: "the user does not exist",
        47001: "the platform could not read the call; check that no proxy changes it",
        48001: "the account lacks the permission for this call; unverified accounts do not have it",
        48002: "the user takes no messages from the account",
        48004: "the account has been barred from this call; see the notices on the platform's settings page",
        50002: "the account is frozen or restricted; see the notices on the platform's settings page",
        50005: "the user does not follow the account",
        61004: "this machine's address is not on the third-party platform's list; add it there",
        61007: "the account has not authorized the third-party platform for this call",
        65400: "customer service (新版客服) is not enabled for the account",
        89503: "this machine's address awaits the administrator's consent; look for the request in WeChat",
        89506: "the administrator has refused this machine's address twice; it can be asked again after 24 hours",
        89507: "the administrator has refused this machine's address; it can be asked again after an hour",
    ]

    /// The first word of a text that has the form of an IP address, such as `invalid ip 203.0.113.7 ipv6 ::ffff:203…`.
    private static func address(_ text: String) -> String? {
        text.split(whereSeparator: { " ,;\t\n".contains($0) }).lazy
            .filter { word in
                (3...45).contains(word.utf8.count)
                    && word.utf8.allSatisfy { isHexadecimal($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ":") }
                    && (word.utf8.count { $0 == UInt8(ascii: ".") } == 3
                        || word.utf8.count { $0 == UInt8(ascii: ":") } >= 2)
            }.first.map(String.init)
    }

    /// The number by which the platform's support finds a request, such as `rid: 5f1b…-…`.
    private static func requestNumber(_ text: String) -> String? {
        guard let mark = text.split(separator: "rid:", maxSplits: 1).dropFirst().first else { return nil }
        let number = mark.drop { $0 == " " }.prefix { $0 != " " }
        let isOne =
            (8...64).contains(number.utf8.count)
            && number.utf8.allSatisfy { isHexadecimal($0) || $0 == UInt8(ascii: "-") }
        return isOne ? String(number) : nil
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}
