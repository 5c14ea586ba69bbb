import TestSupport

/// Packages that deploy/package makes of the program that is tested.
enum BuiltPackage {
    static let folder = Result { try TemporaryFolder() }
    static let old = Result { try build(version: "0.1.0", to: "old") }
    static let new = Result { try build(version: "0.2.0~rc1+1", to: "new") }

    /// Builds one and returns its path.
    static func build(version: String, to name: String) throws -> String {
        let output = try folder.get()(name)
        // Smaller packages are for those who download them.
        let environment = programEnvironment([
            "DPKG_DEB_COMPRESSOR_TYPE": "gzip", "DPKG_DEB_COMPRESSOR_LEVEL": "1",
        ])
        let outcome = try run(
            [Checkout.deploy("package"), "--program", Program.path, "--version", version, "--output", output],
            environment: environment, within: 900)
        guard outcome.status == 0, let path = outcome.text.split(separator: "\n").last else {
            throw TestError("deploy/package: \(outcome.errorText)")
        }
        return String(path)
    }
}
