internal import Yams

/// A program that a rule of a file runs: its path, a list of path and arguments, or a mapping.
enum RunSection {
    private static let keys = ["program", "arguments", "environment", "folder", "timeout", "limit", "at_once"]

    static func read(_ node: Node, lifetime: Double, _ reader: inout YAMLReader) -> ProgramRun? {
        guard case .mapping = node else {
            guard let words = reader.values(node, key: "run"), let program = words.first else { return nil }
            return make(program, &reader) { () throws(ServiceSettingError) in
                try ProgramRun(
                    program: program.text, arguments: words.dropFirst().map(\.text), sessionLifetime: lifetime)
            }
        }
        let before = reader.mistakes.errors.count
        guard let entries = reader.mapping(node, keys: keys, what: "run") else { return nil }
        guard let path = entries["program"] else {
            reader.mistakes.add("run has no program", at: node.mark)
            return nil
        }
        let program = reader.value(path, key: "program")
        let arguments = entries["arguments"].flatMap { reader.values($0, key: "arguments")?.map(\.text) }
        var environment: [String: String] = [:]
        for (name, node) in entries["environment"].flatMap({ reader.entries($0, what: "environment") }) ?? [] {
            environment[name.text] = reader.value(node, key: name.text)?.text
        }
        let folder = entries["folder"].flatMap { reader.value($0, key: "folder")?.text }
        let timeout = reader.answerTimeout(entries["timeout"], in: 1...600)
        let limit = reader.bytes(entries["limit"], key: "limit", in: 256...(16 << 20))
        let most = reader.count(entries["at_once"], key: "at_once", in: 1...1000)
        guard let program, reader.mistakes.errors.count == before else { return nil }
        return make(program, &reader) { () throws(ServiceSettingError) in
            try ProgramRun(
                program: program.text, arguments: arguments ?? [], environment: environment, folder: folder,
                timeout: .seconds(timeout ?? 10), limit: limit ?? 64 << 10, mostAtOnce: most ?? 16,
                sessionLifetime: lifetime)
        }
    }

    private static func make(
        _ program: YAMLReader.Value, _ reader: inout YAMLReader, _ body: () throws(ServiceSettingError) -> ProgramRun
    ) -> ProgramRun? {
        let run = reader.make("run", at: program.mark, body)
        if let warning = run?.warning { reader.mistakes.warn("run: \(warning)", at: program.mark) }
        return run
    }
}
