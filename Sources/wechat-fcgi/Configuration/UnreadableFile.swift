import Glibc
import OfficialAccountRules

/// What is said of a configuration file that cannot be read.
enum UnreadableFile {
    /// The group that the systemd service is in so that it can read its configuration: `SupplementaryGroups=` of
    /// deploy/systemd/wechat-fcgi.service. The process cannot find its name out by itself: within the unit's `PrivateUsers=`
    /// the kernel shows it as nobody's.
    private static let group = "wechat-fcgi-config"

    /// Says why a file was not read and, where rights are what is missing, who needs which.
    /// - Parameters:
    ///   - path: The file's path.
    ///   - failure: What happened.
    ///   - mayEnter: Whether this process can look into a folder.
    static func text(
        _ path: String, _ failure: BoundedFile.Failure, mayEnter: (String) -> Bool = { access($0, X_OK) == 0 }
    ) -> String {
        guard failure == .cannotOpen(errno: EACCES) else { return failure.description }
        let folder = folder(of: path)
        let (need, remedy) =
            mayEnter(folder)
            ? ("read it", "chgrp \(group) \(path) && chmod 640 \(path)")
            : ("enter \(folder)", "chgrp \(group) \(folder) && chmod 2750 \(folder)")
        return "\(failure); whoever runs this program has to be able to \(need). For the systemd service: \(remedy)"
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
