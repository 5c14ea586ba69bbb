extension Response {
    /// An answer of one line of plain text.
    /// - Parameters:
    ///   - status: The HTTP status code.
    ///   - text: The line, without its end.
    public static func plain(_ status: Int, _ text: String) -> Response {
        Response(status: status, body: Array(text.utf8) + [0x0A])
    }
}
