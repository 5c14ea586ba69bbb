internal import Yams

/// The chats of an account of a file.
enum ChatSection {
    static func read(_ node: Node, _ reader: inout YAMLReader) -> [String: any Answerer] { [:] }
}
