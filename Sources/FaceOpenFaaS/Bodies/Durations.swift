/// Spans and amounts as OpenFaaS's users write them.
enum Amount {
    /// `90`, `1m30s`, `500ms` or `1.5h`; nil for another form.
    static func duration(_ text: String) -> Duration? {
        if let seconds = Double(text), seconds >= 0, seconds < 1e9 { return .milliseconds(Int64(seconds * 1000)) }
        var total = 0.0
        var rest = text[...]
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unit.count)
            let milliseconds = ["ms": 1.0, "s": 1000, "m": 60_000, "h": 3_600_000][String(unit)]
            guard let number = Double(digits), let milliseconds else { return nil }
            total += number * milliseconds
        }
        return total < 1e12 ? .milliseconds(Int64(total)) : nil
    }

    /// `134217728`, `128Mi`, `1G` or `0.5Gi` in bytes; nil for another form.
    static func bytes(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let units: [Substring: Double] = [
            "": 1, "k": 1e3, "K": 1e3, "M": 1e6, "m": 1e6, "G": 1e9, "g": 1e9, "Ki": 1024, "Mi": 1_048_576,
            "Gi": 1_073_741_824,
        ]
        guard let number = Double(digits), let unit = units[text.dropFirst(digits.count)], number * unit < 1e15 else {
            return nil
        }
        return Int(number * unit)
    }
}
