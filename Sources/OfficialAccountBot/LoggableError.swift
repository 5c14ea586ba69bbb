/// An error that may be logged whole: its description tells the account's owner what went wrong and what to do, and holds
/// neither a secret nor anything that a user wrote.
///
/// Of other errors that handlers throw, logs show the type alone.
public protocol LoggableError: Error, CustomStringConvertible {}

extension PatternError: LoggableError {}
extension PlatformError: LoggableError {}
extension StoreError: LoggableError {}
