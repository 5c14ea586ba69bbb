import ArgumentParser
import OfficialAccountServer

/// Where variables come from beside the environment: the file that the service has them from.
struct EnvironmentOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            A file of variables, NAME=VALUE a line, such as /etc/wechat-fcgi/environment, which the systemd service \
            reads; they count before those of the environment.
            """, valueName: "FILE"),
        completion: .file()) var environmentFile: String?

    /// The environment with what the file says.
    func environment() throws -> ProcessEnvironment {
        guard let environmentFile else { return .process }
        do throws(EnvironmentFile.Failure) {
            return .process.adding(try EnvironmentFile(file: environmentFile).variables)
        } catch {
            throw ValidationError("--environment-file: \(error)")
        }
    }
}
