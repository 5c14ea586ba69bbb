/// A file that a user sent.
public struct FileMessage: TypedMessage {
    /// The message with all of its fields.
    public let message: Message
    /// The file's name: `Title`.
    public let title: String?
    /// What was written with it: `Description`.
    public let description: String?
    /// The platform's key of the file: `FileKey`.
    public let fileKey: String
    /// The MD5 of the file's bytes, in hexadecimal: `FileMd5`.
    public let fileMD5: String?
    /// The file's length in bytes: `FileTotalLen`.
    public let fileTotalLength: UInt64?

    /// Reads a file message.
    /// - Parameter message: A message of type `file`.
    /// - Returns: `nil` without `FileKey`.
    public init?(_ message: Message) {
        guard message.type == .file, let fileKey = message.fields.name("FileKey") else { return nil }
        self.message = message
        self.fileKey = fileKey
        title = message.fields.text("Title")
        description = message.fields.text("Description")
        fileMD5 = message.fields.name("FileMd5")
        fileTotalLength = message.fields.integer("FileTotalLen")
    }
}
