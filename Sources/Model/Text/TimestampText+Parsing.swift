extension TimestampText {
    /// Reads `2017-07-21 15:10:52.537686+00:00` or ISO 8601: a `T` or a space between day and time, up to nine digits after
    /// the second, `Z`, `+HH:MM` or nothing for UTC; the time, or its seconds, may be left out. Nil for another form.
    public static func time(_ text: String) -> Timestamp? {
        var rest = Substring(text)
        guard let year = digits(&rest, 4), skip("-", &rest), let month = digits(&rest, 2), skip("-", &rest),
            let day = digits(&rest, 2), (1...12).contains(month), (1...daysIn(month, of: year)).contains(day)
        else { return nil }
        var microseconds = days(year, month, day) * 86_400_000_000
        if rest.isEmpty { return Timestamp(microseconds: microseconds) }
        // A plus in a query that was not escaped reads as a blank.
        guard skip("T", &rest) || skip(" ", &rest), let hour = digits(&rest, 2), skip(":", &rest),
            let minute = digits(&rest, 2), hour < 24, minute < 60
        else { return nil }
        var second: Int64 = 0
        if skip(":", &rest) {
            guard let number = digits(&rest, 2), number < 60 else { return nil }
            second = number
        }
        microseconds += ((hour * 60 + minute) * 60 + second) * 1_000_000
        if skip(".", &rest) {
            let fraction = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(fraction.count)
            guard (1...9).contains(fraction.count),
                let part = Int64((fraction + "000000").prefix(6))
            else { return nil }
            microseconds += part
        }
        guard let offset = offset(&rest), rest.isEmpty else { return nil }
        return Timestamp(microseconds: microseconds - offset)
    }

    /// The difference from UTC at the end of a time, in microseconds.
    private static func offset(_ rest: inout Substring) -> Int64? {
        if rest.isEmpty || skip("Z", &rest) || skip("z", &rest) { return 0 }
        let isNegative = rest.first == "-"
        guard skip("+", &rest) || skip("-", &rest) || skip(" ", &rest), let hours = digits(&rest, 2), hours < 24 else {
            return nil
        }
        _ = skip(":", &rest)
        guard let minutes = rest.isEmpty ? 0 : digits(&rest, 2), minutes < 60 else { return nil }
        return (isNegative ? -1 : 1) * (hours * 60 + minutes) * 60_000_000
    }

    private static func digits(_ rest: inout Substring, _ count: Int) -> Int64? {
        let part = rest.prefix(count)
        guard part.count == count, part.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        rest = rest.dropFirst(count)
        return Int64(part)
    }

    private static func skip(_ mark: Character, _ rest: inout Substring) -> Bool {
        guard rest.first == mark else { return false }
        rest.removeFirst()
        return true
    }

    private static func daysIn(_ month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The days since 1970, by counting in years that begin in March: the reverse of ``date(daysSince1970:)``.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
