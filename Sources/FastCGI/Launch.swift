internal import CFastCGI
internal import Glibc

/// How this process was started, told from its environment and its standard input.
public enum Launch: Sendable {
    /// By a web server, or by hand, to answer one request as a CGI program (RFC 3875).
    case cgi
    /// With a listening socket to serve on: at descriptor 0 (spawn-fcgi, mod_fcgid, multiwatch), or by systemd's socket
    /// activation (sd_listen_fds(3)).
    case inherited(Listener)
    /// With none of these.
    case none

    /// Looks at the process.
    ///
    /// GATEWAY_INTERFACE means CGI whatever else there is: a web server that names its interface says that it runs a CGI
    /// program. Else a listening socket at descriptor 0 means FastCGI, REQUEST_METHOD means CGI, and LISTEN_FDS that is
    /// meant for this process means FastCGI.
    ///
    /// The variables of socket activation are removed from the environment, so that programs which this one starts do not
    /// take them for theirs.
    /// - Returns: How the process was started.
    /// - Throws: ``ListenError`` where the inherited socket cannot be served on.
    public static func current() throws(ListenError) -> Launch {
        if getenv("GATEWAY_INTERFACE") != nil { return .cgi }
        let takeover = Takeover.fromEnvironment()
        if cfastcgi_is_listening(0) != 0 { return .inherited(try .inherited(descriptor: 0, path: takeover?.path)) }
        if getenv("REQUEST_METHOD") != nil { return .cgi }
        if let descriptor = activatedDescriptor() { return .inherited(try .inherited(descriptor: descriptor)) }
        return .none
    }

    /// The first descriptor of socket activation, sd_listen_fds(3).
    private static func activatedDescriptor() -> Int32? {
        defer { for name in ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"] { unsetenv(name) } }
        guard let pid = getenv("LISTEN_PID"), pid_t(String(cString: pid)) == getpid(), let count = getenv("LISTEN_FDS"),
            let count = Int32(String(cString: count)), count > 0
        else { return nil }
        return 3
    }
}
