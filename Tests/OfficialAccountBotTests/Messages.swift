import OfficialAccount
import OfficialAccountBot

/// A message with the given MsgType and further elements, as XML.
func message(_ type: String, _ elements: String = "") throws -> Message {
    try Message(
        parsing: Array(
            """
            <xml><ToUserName>gh_account</ToUserName><FromUserName>openid</FromUserName><CreateTime>1348831860</CreateTime>\
            <MsgType>\(type)</MsgType>\(elements)</xml>
            """.utf8))
}

func text(_ content: String) throws -> Message {
    try message("text", "<Content><![CDATA[\(content)]]></Content><MsgId>1</MsgId>")
}

func event(_ name: String, _ elements: String = "") throws -> Message {
    try message("event", "<Event>\(name)</Event>\(elements)")
}

extension Bot {
    func answer(_ message: Message) async throws -> Reply {
        try await answer(message, Context(account: "test"))
    }
}
