/// A menu item asked for a place and the user chose one. A location message follows.
public struct LocationSelectEvent: TypedMessage {
    /// The message with all of its fields.
    public let message: Message
    /// The menu item's key: `EventKey`.
    public let eventKey: String?
    /// Degrees north: `Location_X`.
    public let latitude: Coordinate
    /// Degrees east: `Location_Y`.
    public let longitude: Coordinate
    /// The zoom level of the map that was shown: `Scale`.
    public let scale: Int?
    /// The place in words: `Label`.
    public let label: String?
    /// The name of the point of interest: `Poiname`.
    public let pointOfInterest: String?

    /// Reads a chosen place.
    /// - Parameter message: A message of type `event`.
    /// - Returns: `nil` where the event is not `location_select` or lacks two readable coordinates.
    public init?(_ message: Message) {
        guard message.event == .locationSelect,
            let info = message.fields["SendLocationInfo"]?.fields,
            let latitude = info.coordinate("Location_X"),
            let longitude = info.coordinate("Location_Y")
        else { return nil }
        self.message = message
        self.latitude = latitude
        self.longitude = longitude
        eventKey = message.eventKey
        scale = info.integer("Scale")
        label = info.text("Label")
        pointOfInterest = info.text("Poiname")
    }
}
