/// The arguments of a function, written as `k=v, k2=v2`.
public enum Parameters {
    /// Separates the words that follow one `-p` when they are handed on as one text; it cannot be typed.
    public static let wordSeparator: Character = "\u{1F}"

    /// Splits at commas, each part at its first `=`, and strips blanks. A part without `=` continues the value
    /// before it, so that `a=1,2` is one pair. A name that comes twice has its last value.
    public static func parse(_ text: String) throws(ClientError) -> [(name: String, value: String)] {
        var pairs: [(name: String, value: String)] = []
        for word in text.split(separator: wordSeparator) {
            for (index, part) in word.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
                if let sign = part.firstIndex(of: "=") {
                    let name = strip(part[..<sign])
                    guard !name.isEmpty else { throw .local("Parameter `\(strip(part))` has no name before its `=`.") }
                    pairs.removeAll { $0.name == name }
                    pairs.append((name, strip(part[part.index(after: sign)...])))
                } else if index > 0, !pairs.isEmpty {
                    pairs[pairs.count - 1].value += "," + strip(part, leading: false)
                } else if !strip(part).isEmpty {
                    throw .local("Parameter `\(strip(part))` must have the form `name=value`.")
                }
            }
            // `a=1,` means one pair with a comma after it.
            if !pairs.isEmpty, pairs[pairs.count - 1].value.hasSuffix(",") { pairs[pairs.count - 1].value.removeLast() }
        }
        return pairs
    }

    /// The pairs of all texts as one object of strings; a later value wins over an earlier one.
    public static func object(_ texts: [String]) throws(ClientError) -> [(name: String, value: String)] {
        try parse(texts.joined(separator: String(wordSeparator)))
    }

    private static func strip(_ text: Substring, leading: Bool = true) -> String {
        var text = text
        while leading, text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
