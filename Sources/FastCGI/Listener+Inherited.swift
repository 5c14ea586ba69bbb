internal import CFastCGI
internal import Glibc

extension Listener {
    /// Takes a listening socket that the process was started with.
    /// - Parameter descriptor: Its descriptor. It becomes non-blocking, and is not passed on to programs that are started.
    /// - Throws: ``ListenError/notListening(_:)``.
    public static func inherited(descriptor: Int32) throws(ListenError) -> Listener {
        try inherited(descriptor: descriptor, path: nil)
    }

    static func inherited(descriptor: Int32, path: String?) throws(ListenError) -> Listener {
        guard cfastcgi_is_listening(descriptor) != 0 else { throw .notListening(descriptor) }
        _ = cfastcgi_set_nonblocking(descriptor)
        _ = cfastcgi_set_close_on_exec(descriptor)
        return Listener(fileDescriptor: descriptor, path: path, isOwn: path != nil)
    }
}
