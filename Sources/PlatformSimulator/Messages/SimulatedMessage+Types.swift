internal import OfficialAccount

/// What a user can send.
extension SimulatedMessage {
    /// A text message.
    /// - Parameters:
    ///   - content: What the user wrote.
    ///   - menuMessageID: The tapped item of a menu message: `bizmsgmenuid`.
    public static func text(_ content: String, menuMessageID: String? = nil) -> SimulatedMessage {
        SimulatedMessage(
            .text, [.text("Content", content)] + (menuMessageID.map { [.text("bizmsgmenuid", $0)] } ?? []))
    }

    /// A picture.
    /// - Parameters:
    ///   - mediaID: The picture.
    ///   - pictureURL: Its address.
    public static func image(
        mediaID: String, pictureURL: String = "http://mmbiz.qpic.cn/simulated/0"
    ) -> SimulatedMessage {
        SimulatedMessage(.image, [.text("PicUrl", pictureURL), .text("MediaId", mediaID)])
    }

    /// A voice recording.
    /// - Parameters:
    ///   - mediaID: The recording.
    ///   - format: `amr` or `speex`.
    ///   - recognition: What speech recognition heard, where the account has it on.
    ///   - highQualityMediaID: The recording at 16 kHz: `MediaId16K`.
    public static func voice(
        mediaID: String, format: String = "amr", recognition: String? = nil, highQualityMediaID: String? = nil
    ) -> SimulatedMessage {
        var elements: [MessageElement] = [.text("MediaId", mediaID), .text("Format", format)]
        if let highQualityMediaID { elements.append(.text("MediaId16K", highQualityMediaID)) }
        if let recognition { elements.append(.text("Recognition", recognition)) }
        return SimulatedMessage(.voice, elements)
    }

    /// A video.
    /// - Parameters:
    ///   - mediaID: The video.
    ///   - thumbnailMediaID: Its thumbnail.
    public static func video(mediaID: String, thumbnailMediaID: String) -> SimulatedMessage {
        SimulatedMessage(.video, [.text("MediaId", mediaID), .text("ThumbMediaId", thumbnailMediaID)])
    }

    /// A short video taken in the chat.
    /// - Parameters:
    ///   - mediaID: The video.
    ///   - thumbnailMediaID: Its thumbnail.
    public static func shortVideo(mediaID: String, thumbnailMediaID: String) -> SimulatedMessage {
        SimulatedMessage(.shortVideo, [.text("MediaId", mediaID), .text("ThumbMediaId", thumbnailMediaID)])
    }

    /// A place.
    /// - Parameters:
    ///   - latitude: `Location_X`, in degrees.
    ///   - longitude: `Location_Y`, in degrees.
    ///   - scale: The zoom of the map.
    ///   - label: The place in words.
    public static func location(
        latitude: Double, longitude: Double, scale: Int = 20, label: String = ""
    ) -> SimulatedMessage {
        SimulatedMessage(
            .location,
            [
                .plain("Location_X", latitude), .plain("Location_Y", longitude), .plain("Scale", scale),
                .text("Label", label),
            ])
    }

    /// A link to an article.
    /// - Parameters:
    ///   - title: Its title.
    ///   - description: What it is about.
    ///   - url: Its address.
    public static func link(title: String, description: String, url: String) -> SimulatedMessage {
        SimulatedMessage(.link, [.text("Title", title), .text("Description", description), .text("Url", url)])
    }

    /// A card of a mini program.
    /// - Parameters:
    ///   - title: Its title.
    ///   - appID: The mini program's AppID.
    ///   - pagePath: The page that it leads to.
    ///   - thumbnailURL: The address of its picture.
    ///   - thumbnailMediaID: Its picture.
    public static func miniProgramPage(
        title: String, appID: String, pagePath: String, thumbnailURL: String = "", thumbnailMediaID: String = ""
    ) -> SimulatedMessage {
        SimulatedMessage(
            .miniProgramPage,
            [
                .text("Title", title), .text("AppId", appID), .text("PagePath", pagePath),
                .text("ThumbUrl", thumbnailURL), .text("ThumbMediaId", thumbnailMediaID),
            ])
    }

    /// A file.
    /// - Parameters:
    ///   - title: Its name.
    ///   - description: What it is.
    ///   - key: `FileKey`.
    ///   - md5: `FileMd5`.
    ///   - length: Its bytes: `FileTotalLen`.
    public static func file(
        title: String, description: String = "", key: String, md5: String, length: Int
    ) -> SimulatedMessage {
        SimulatedMessage(
            .file,
            [
                .text("Title", title), .text("Description", description), .text("FileKey", key), .text("FileMd5", md5),
                .plain("FileTotalLen", length),
            ])
    }
}
