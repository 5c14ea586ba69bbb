/// Which messages an account takes, as chosen on the platform's settings page.
public enum EncryptionMode: String, Sendable, Hashable, CaseIterable {
    /// Messages come unencrypted (明文模式). A key is not used, even where there is one.
    case plain
    /// Messages come in both forms (兼容模式): both are accepted. A body that has an encrypted part is read from it.
    case compatible
    /// Messages come encrypted (安全模式): anything else is refused.
    case secure
}
