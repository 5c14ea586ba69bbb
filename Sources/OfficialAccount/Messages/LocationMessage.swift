/// A place that a user sent.
public struct LocationMessage: TypedMessage {
    /// The message with all of its fields.
    public let message: Message
    /// Degrees north: `Location_X`.
    public let latitude: Coordinate
    /// Degrees east: `Location_Y`.
    public let longitude: Coordinate
    /// The zoom level of the map that was shown: `Scale`.
    public let scale: Int?
    /// The place in words: `Label`.
    public let label: String?

    /// Reads a location message.
    /// - Parameter message: A message of type `location`.
    /// - Returns: `nil` without two readable coordinates.
    public init?(_ message: Message) {
        guard message.type == .location,
            let latitude = message.fields.coordinate("Location_X"),
            let longitude = message.fields.coordinate("Location_Y")
        else { return nil }
        self.message = message
        self.latitude = latitude
        self.longitude = longitude
        scale = message.fields.integer("Scale")
        label = message.fields.text("Label")
    }
}
