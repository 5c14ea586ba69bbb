/// How the values that only some messages have are read.
extension Fields {
    /// The first element of a name as a media ID; `nil` where it is empty.
    func mediaID(_ name: StaticString) -> MediaID? {
        self.name(name).flatMap(MediaID.init(rawValue:))
    }

    /// The first element of a name as a coordinate; `nil` where it is not a finite number.
    func coordinate(_ name: StaticString) -> Coordinate? {
        self.name(name).flatMap(Coordinate.init)
    }
}
