/// How the values of settings are written: sizes, durations, counts, file modes.
///
/// Each function returns `nil` for what it does not accept.
package enum SettingSyntax {
    /// A number of bytes: `1048576`, `512k`, `1MiB`. `k`, `M` and `G` are multiples of 1024, as in the web servers'
    /// own settings.
    package static func bytes(_ text: String) -> Int? {
        guard let (number, unit) = numberAndUnit(text) else { return nil }
        let factor: Int? =
            switch unit.lowercased() {
            case "", "b": 1
            case "k", "kib", "kb": 1 << 10
            case "m", "mib", "mb": 1 << 20
            case "g", "gib", "gb": 1 << 30
            default: nil
            }
        return factor.flatMap { product(number, $0) }
    }

    /// A number of seconds: `10`, `10s`, `5m`, `1h`.
    package static func seconds(_ text: String) -> Int? {
        guard let (number, unit) = numberAndUnit(text) else { return nil }
        let factor: Int? =
            switch unit.lowercased() {
            case "", "s": 1
            case "m", "min": 60
            case "h": 3600
            case "d": 86400
            default: nil
            }
        // A year is longer than any deadline, and keeps sums with the clock far from overflowing.
        return factor.flatMap { product(number, $0) }.flatMap { $0 <= 31_536_000 ? $0 : nil }
    }

    /// A whole number from 0.
    package static func count(_ text: String) -> Int? {
        numberAndUnit(text).flatMap { $0.unit.isEmpty ? $0.number : nil }
    }

    /// The permission bits of a file in octal digits: `660`, `0660`.
    package static func mode(_ text: String) -> UInt32? {
        guard (3...4).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x37).contains($0) }) else {
            return nil
        }
        return UInt32(text, radix: 8).flatMap { $0 <= 0o777 ? $0 : nil }
    }

    /// A number of bytes in the largest unit that holds it exactly.
    package static func text(bytes: Int) -> String {
        for (unit, factor) in [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)]
        where bytes > 0 && bytes % factor == 0 {
            return "\(bytes / factor)\(unit)"
        }
        return String(bytes)
    }

    /// A number of whole seconds.
    package static func text(seconds: Double) -> String { "\(Int(seconds))s" }

    private static func numberAndUnit(_ text: String) -> (number: Int, unit: Substring)? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits) else { return nil }
        let unit = text.dropFirst(digits.count).drop { $0 == " " }
        return (number, unit)
    }

    private static func product(_ number: Int, _ factor: Int) -> Int? {
        let (product, overflow) = number.multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }
}
