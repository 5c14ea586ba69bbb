/// The time of a header field such as Date (RFC 9110, section 5.6.7), in the form that servers send.
enum HTTPDate {
    /// Reads `Sun, 06 Nov 1994 08:49:37 GMT`.
    /// - Returns: Seconds since 1970; `nil` for another form.
    static func seconds(_ text: String) -> Int64? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", let day = Int64(words[1]), (1...31).contains(day),
            let month = months.firstIndex(of: String(words[2])), let year = Int64(words[3]),
            (1970...9999).contains(year)
        else { return nil }
        let clock = words[4].split(separator: ":").compactMap { Int64($0) }
        guard clock.count == 3 else { return nil }
        // The days since 1970, of years that begin with March: then the leap day is a year's last.
        let monthOfYear = Int64(month + 10) % 12
        let marchYear = monthOfYear >= 10 ? year - 1 : year
        let leapDays = marchYear / 4 - marchYear / 100 + marchYear / 400
        let days = marchYear * 365 + leapDays + (monthOfYear * 153 + 2) / 5 + day - 1 - 719_468
        return days * 86_400 + clock[0] * 3600 + clock[1] * 60 + clock[2]
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
