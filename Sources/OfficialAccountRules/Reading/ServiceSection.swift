internal import Yams

extension YAMLReader {
    /// Makes what a section of a file describes.
    /// - Parameters:
    ///   - section: The section's key.
    ///   - mark: Where it says so, for a mistake.
    /// - Returns: `nil` where it was a mistake.
    mutating func make<Value>(
        _ section: String, at mark: Mark?, _ body: () throws(ServiceSettingError) -> Value
    ) -> Value? {
        do throws(ServiceSettingError) {
            return try body()
        } catch {
            mistakes.add("\(section): \(error)", at: mark)
            return nil
        }
    }
}
