import FastCGI
import Glibc

/// A FastCGI program for the tests that need a process of its own: it answers with what it was sent.
///
/// `/pid` answers with the process's number, `/slow` waits until the file named in the query is gone, `/waiting` answers
/// how many wait so, `/reloads` how often the configuration was read again. Without an inherited socket the first argument says where to listen.
@main
struct Main {
    static func main() async {
        let program = Program()
        do {
            switch try Launch.current() {
            case .cgi: exit(await CGI.respond(handler: program.answer))
            case .inherited(let listener): try await program.serve(listener)
            case .none:
                guard CommandLine.arguments.count > 1 else { exit(64) }
                try await program.serve(.open(ListenAddress(parsing: CommandLine.arguments[1])))
            }
        } catch {
            StandardError.write("\(error)")
            exit(1)
        }
    }
}
