internal import FastCGI
internal import OfficialAccount

extension CallbackQuery {
    /// The parameters of a request, looked up where they stand.
    init(_ query: Query) {
        self.init { query[$0] }
    }
}
