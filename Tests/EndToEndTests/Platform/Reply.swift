import Foundation
import TestSupport

/// What the platform finds in an answer.
enum Reply: Equatable, Sendable {
    /// `success` or an empty body: nothing to say.
    case none
    case text(String)
    case image(mediaID: String)
}

extension Account {
    /// Reads an answer as the platform would, and holds it to what the platform demands.
    func read(_ response: HTTPResponse) throws -> Reply {
        guard response.status == 200 else {
            throw TestError("status \(response.status), \(response.text.debugDescription)")
        }
        if response.text == "success" { return .none }
        // To a compatible body either form is an answer.
        guard mode == .secure || (mode == .compatible && response.text.contains("<Encrypt>")) else {
            return try Self.reply(in: response.text)
        }

        guard let key else { throw TestError("the account has no key") }
        let encrypted = try element("Encrypt", of: response.text)
        let timestamp = try element("TimeStamp", of: response.text)
        let nonce = try element("Nonce", of: response.text)
        guard try element("MsgSignature", of: response.text) == signature(of: [token, timestamp, nonce, encrypted])
        else { throw TestError("MsgSignature does not hold") }
        try Self.hold(timestamp: timestamp)
        return try Self.reply(in: AES.decrypt(encrypted, key: key, appID: appID))
    }

    private static func reply(in xml: String) throws -> Reply {
        guard xml.hasPrefix("<xml>") else { throw TestError("not an envelope: \(xml.debugDescription)") }
        guard try element("ToUserName", of: xml) == "oSender", try element("FromUserName", of: xml) == "gh_account"
        else { throw TestError("sender and receiver are not swapped: \(xml)") }
        try hold(timestamp: element("CreateTime", of: xml))
        switch try element("MsgType", of: xml) {
        case "text": return .text(try element("Content", of: xml))
        case "image": return .image(mediaID: try element("MediaId", of: try element("Image", of: xml)))
        case let type: throw TestError("an unexpected reply of type \(type)")
        }
    }

    private static func hold(timestamp: String) throws {
        guard let seconds = Int(timestamp), abs(seconds - Int(Date().timeIntervalSince1970)) < 60 else {
            throw TestError("the time is not now in seconds: \(timestamp)")
        }
    }
}

/// What is between an element's tags: text with its CDATA sections and entities resolved, or the elements in it.
func element(_ name: String, of xml: String) throws -> String {
    guard let start = xml.firstRange(of: "<\(name)>"),
        let end = xml[start.upperBound...].firstRange(of: "</\(name)>")
    else { throw TestError("no \(name) in \(xml.debugDescription)") }
    let inner = xml[start.upperBound..<end.lowerBound]
    if inner.hasPrefix("<"), !inner.hasPrefix("<![CDATA[") { return String(inner) }

    var result = ""
    var rest = inner
    while let open = rest.firstRange(of: "<![CDATA[") {
        result += unescaped(rest[..<open.lowerBound])
        guard let close = rest[open.upperBound...].firstRange(of: "]]>") else { throw TestError("CDATA has no end") }
        result += rest[open.upperBound..<close.lowerBound]
        rest = rest[close.upperBound...]
    }
    return result + unescaped(rest)
}

private func unescaped(_ text: Substring) -> String {
    String(text).replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
        .replacing("&apos;", with: "'").replacing("&amp;", with: "&")
}
