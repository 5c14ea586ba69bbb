internal import Crypto

extension Message {
    /// What tells the message from every other one of the same account, and is the same in all deliveries of it.
    ///
    /// The sender and the number, since the platform has given two users the same number. Where there is no number, as
    /// for events, the time and a hash of all fields: two different events of one user may share a second. `Encrypt` is
    /// left out, which is made anew for each delivery.
    ///
    /// The number, or the time, stands first: both rise with time, so that what comes at the same time stands together in
    /// a store that is in the order of its keys.
    ///
    /// Source: the platform's pages on receiving messages and events, on removing duplicates.
    public var identity: [UInt8] {
        var bytes: [UInt8] = []
        appendIdentity(to: &bytes)
        return bytes
    }

    /// Appends the message's ``identity``.
    /// - Parameter bytes: Gets it at its end.
    public func appendIdentity(to bytes: inout [UInt8]) {
        if let messageID, event == nil {
            bytes.append(UInt8(ascii: "m"))
            withUnsafeBytes(of: messageID.bigEndian) { bytes.append(contentsOf: $0) }
        } else {
            bytes.append(UInt8(ascii: "e"))
            withUnsafeBytes(of: createTime.bigEndian) { bytes.append(contentsOf: $0) }
            var hash = SHA256()
            for field in fields where field.name != "Encrypt" { field.update(&hash) }
            bytes.append(contentsOf: hash.finalize().prefix(16))
        }
        bytes.append(contentsOf: fromUserNameUTF8)
    }

    /// The sender's OpenID as bytes: `FromUserName`.
    public var senderBytes: ArraySlice<UInt8> { fromUserNameUTF8 }
}

extension Field {
    /// Adds the element with its lengths, so that no two trees of elements are the same bytes.
    fileprivate func update(_ hash: inout SHA256) {
        for text in [document.bytes(of: node.name), utf8] {
            withUnsafeBytes(of: UInt64(text.count).bigEndian) { hash.update(bufferPointer: $0) }
            text.withUnsafeBytes { hash.update(bufferPointer: $0) }
        }
        withUnsafeBytes(of: UInt64(fields.count).bigEndian) { hash.update(bufferPointer: $0) }
        for field in fields { field.update(&hash) }
    }
}
