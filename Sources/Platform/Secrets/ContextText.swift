/// A function's context as its owner writes it: one `KEY=Value` a line. It is secret: no message repeats a part of it.
struct ContextText: Equatable {
    var pairs: [(key: String, value: String)]

    static func == (left: Self, right: Self) -> Bool {
        left.pairs.elementsEqual(right.pairs) { $0 == $1 }
    }

    init(parsing text: String) throws(PlatformError) {
        pairs = []
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            let line = Self.trimmed(line)
            if line.isEmpty || line.first == "#" { continue }
            guard let equals = line.firstIndex(of: "=") else {
                throw PlatformError(
                    .invalidContext, "Line \(index + 1) of the context has no `=`; each line must be `KEY=Value`.")
            }
            let key = Self.trimmed(line[..<equals])
            guard !key.isEmpty else {
                throw PlatformError(.invalidContext, "Line \(index + 1) of the context has no key before its `=`.")
            }
            pairs.append((String(key), String(Self.unquoted(Self.trimmed(line[line.index(after: equals)...])))))
        }
    }

    /// The JSON object that the guest gets; the last one of equal keys counts. Empty where there is no pair.
    var json: [UInt8] {
        if pairs.isEmpty { return [] }
        var seen: Set<String> = []
        let last = pairs.reversed().filter { seen.insert($0.key).inserted }.reversed()
        var writer = JSONWriter()
        writer.object { writer in
            for (key, value) in last { writer.member(key, value) }
        }
        return writer.bytes
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }

    private static func unquoted(_ text: Substring) -> Substring {
        guard text.count >= 2, let quote = text.first, quote == "\"" || quote == "'", text.last == quote else {
            return text
        }
        return text.dropFirst().dropLast()
    }
}
