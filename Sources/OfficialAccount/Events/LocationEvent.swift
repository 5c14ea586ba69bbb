/// A user's place, reported on entering the chat or every few seconds while in it.
public struct LocationEvent: TypedMessage {
    /// The message with all of its fields.
    public let message: Message
    /// Degrees north: `Latitude`.
    public let latitude: Coordinate
    /// Degrees east: `Longitude`.
    public let longitude: Coordinate
    /// How exact the place is, as the platform gives it: `Precision`.
    public let precision: Double?

    /// Reads a reported place.
    /// - Parameter message: A message of type `event`.
    /// - Returns: `nil` where the event is not `LOCATION` or lacks two readable coordinates.
    public init?(_ message: Message) {
        guard message.event == .location,
            let latitude = message.fields.coordinate("Latitude"),
            let longitude = message.fields.coordinate("Longitude")
        else { return nil }
        self.message = message
        self.latitude = latitude
        self.longitude = longitude
        precision = message.fields.coordinate("Precision")?.value
    }
}
