/// Times as text: `2017-07-21 15:10:52.537686+00:00`, and RFC 3339.
public enum TimestampText {
    /// As Python's `str` of an aware datetime shows it.
    public static func text(_ time: Timestamp) -> String {
        let (days, inDay) = time.microseconds.flooredDivision(by: 86_400_000_000)
        let (year, month, day) = date(daysSince1970: days)
        let seconds = inDay / 1_000_000
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2)) "
            + "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
            + ".\(padded(inDay % 1_000_000, 6))+00:00"
    }

    /// `2017-07-21T15:10:52.537686Z` (RFC 3339).
    public static func rfc3339(_ time: Timestamp) -> String {
        "\(text(time).prefix(26).split(separator: " ").joined(separator: "T"))Z"
    }

    /// The date in the Gregorian calendar, by counting in years that begin in March, so that a leap day comes last.
    private static func date(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, inEra) = (days + 719_468).flooredDivision(by: 146_097)
        let yearOfEra = (inEra - inEra / 1460 + inEra / 36_524 - inEra / 146_096) / 365
        let dayOfYear = inEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let march = (5 * dayOfYear + 2) / 153
        let month = march < 10 ? march + 3 : march - 9
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * march + 2) / 5 + 1)
    }

    private static func padded(_ number: Int64, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}

extension Int64 {
    fileprivate func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
