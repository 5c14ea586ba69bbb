/// Why a peer's bytes were not taken for a request. The connection is closed without an answer.
public enum Refusal: Error, Sendable, Equatable {
    /// A record of another version of the protocol than 1, or no record at all.
    case version(UInt8)
    /// The first record was not FCGI_BEGIN_REQUEST, or it was malformed.
    case begin(type: UInt8)
    /// Another role than FCGI_RESPONDER.
    case role(UInt16)
    /// A record that has no place there: management records (FCGI_GET_VALUES), FCGI_DATA, an unknown type, an order that
    /// the protocol does not have.
    case unexpected(type: UInt8)
    /// Records of more than one request on a connection at once.
    case multiplexed
    /// The variables are over ``Limits/parameterBytes``.
    case parametersTooLarge(limit: Int)
    /// Headers and padding of records outweigh their content by more bytes than ``Limits/parameterBytes``,
    /// ``Limits/bodyBytes`` and 64 KiB together: a request cut into a great many records.
    case overhead(limit: Int)
    /// The lengths of the variables contradict those of the records.
    case malformedParameters
    /// The web server took its request back (FCGI_ABORT_REQUEST).
    case aborted
}
