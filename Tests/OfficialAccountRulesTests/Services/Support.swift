import Logging
import OfficialAccount
import OfficialAccountBot

/// What a test's user wrote, which must not appear in an error.
let secretContent = "secret-content-of-a-message"

func message(_ elements: String, from openID: String = "oUser") throws -> Message {
    try Message(
        parsing: Array(
            """
            <xml><ToUserName><![CDATA[gh_shop]]></ToUserName><FromUserName><![CDATA[\(openID)]]></FromUserName>\
            <CreateTime>1700000000</CreateTime>\(elements)</xml>
            """.utf8))
}

func textMessage(_ content: String = secretContent) throws -> Message {
    try message(
        "<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[\(content)]]></Content><MsgId>24400000000000001</MsgId>")
}

/// A context without a logger that anyone reads.
func context(sessions: Sessions? = nil, session: Session? = nil, captures: Captures = Captures()) -> Context {
    var context = Context(
        account: "shop", captures: captures, sessions: sessions,
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    context.session = session
    return context
}

/// The error that something throws, where it is of the type.
func failure<Failure: Error>(
    _: Failure.Type = Failure.self, _ body: () async throws -> some Any
) async -> Failure? {
    do {
        _ = try await body()
        return nil
    } catch { return error as? Failure }
}
