/// A menu item sent pictures: `pic_sysphoto`, `pic_photo_or_album` or `pic_weixin`.
///
/// The pictures themselves follow as picture messages.
public struct PictureEvent: TypedMessage {
    /// The message with all of its fields.
    public let message: Message
    /// The menu item's key: `EventKey`.
    public let eventKey: String?
    /// How many pictures were sent: `Count`, or where it is absent as many as are listed.
    public let count: Int
    /// The MD5 of each listed picture, in hexadecimal: `PicMd5Sum`.
    public let pictureMD5s: [String]

    /// Reads the sending of pictures.
    /// - Parameter message: A message of type `event`.
    /// - Returns: `nil` where the event is none of the three or has no `SendPicsInfo`.
    public init?(_ message: Message) {
        guard
            message.event == .pictureFromCamera || message.event == .pictureFromCameraOrAlbum
                || message.event == .pictureFromWeixin,
            let info = message.fields["SendPicsInfo"]?.fields
        else { return nil }
        self.message = message
        eventKey = message.eventKey
        pictureMD5s = info["PicList"]?.fields.all("item").compactMap { $0.fields.name("PicMd5Sum") } ?? []
        count = info.integer("Count") ?? pictureMD5s.count
    }
}
