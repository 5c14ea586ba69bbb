/// What goes wrong with a call because a test wants it to.
public enum InjectedFault: Sendable, Hashable {
    /// The platform refuses the call, with the status 200 as always.
    case errcode(Int)
    /// The status is another one, with a page for a body.
    case status(Int)
    /// The status is 200, and the body is no JSON.
    case notJSON
    /// No answer comes, and the connection stays open.
    case stall
    /// The connection is closed without an answer.
    case cut
    /// The body never ends.
    case endlessBody
}
