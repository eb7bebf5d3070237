/// A requirements text in pip's format, as far as it names distributions of an index: no options, files, folders or addresses,
/// through which a text from anybody could make the server read or fetch what it likes.
public struct Requirements: Sendable, Equatable {
    /// One line that names a distribution.
    public struct Line: Sendable, Equatable {
        /// The distribution, as given.
        public var name: String
        /// Counted from 1.
        public var number: Int
        /// What pip is given: name, extras, versions, markers, hashes.
        public var text: String
    }

    public var lines: [Line] = []

    public init(parsing text: String) throws(PackageError) {
        var number = 0
        var pending = ""
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            number += 1
            let joined = pending + line
            if joined.hasSuffix("\\") {
                pending = String(joined.dropLast()) + " "
                continue
            }
            pending = ""
            try add(joined, number)
        }
        try add(pending, number)
    }

    private mutating func add(_ raw: String, _ number: Int) throws(PackageError) {
        let text = Self.trimmed(Self.withoutComment(raw))
        if text.isEmpty { return }
        let name = text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
        guard !name.isEmpty, !text.hasPrefix("-"), !text.hasPrefix(".") else {
            throw PackageError(
                .requirements,
                "Line \(number) of the requirements names no distribution; write a line such as `Pillow`.")
        }
        let rest = text.dropFirst(name.count)
        guard Self.isHarmless(rest) else {
            throw PackageError(
                .requirements,
                "Line \(number) of the requirements has more than a name, versions, markers and `--hash`: options, files and "
                    + "addresses are not taken.")
        }
        lines.append(Line(name: String(name), number: number, text: text))
    }

    /// A `#` begins a comment at the start of a line or after white space.
    private static func withoutComment(_ line: String) -> Substring {
        var before: Character = " "
        for index in line.indices {
            if line[index] == "#", before.isWhitespace { return line[..<index] }
            before = line[index]
        }
        return line[...]
    }

    private static func trimmed(_ text: Substring) -> String {
        let front = text.drop(while: \.isWhitespace)
        return String(front.prefix(front.count - front.reversed().prefix(while: \.isWhitespace).count))
    }

    /// Extras, versions and markers have no `@`, `/`, `\` or `$`, and of options only `--hash` is theirs.
    private static func isHarmless(_ rest: Substring) -> Bool {
        let allowed = "[]()<>=!~;,.*+-_\"' :"
        let options = rest.split(separator: " ").filter { $0.hasPrefix("-") }
        return rest.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || allowed.contains($0)) }
            && options.allSatisfy { $0.hasPrefix("--hash=sha256:") }
    }

    /// PEP 503: case, and runs of `-`, `_` and `.`, make no difference.
    public static func normalised(_ name: some StringProtocol) -> String {
        name.split { "-_.".contains($0) }.joined(separator: "-").lowercased()
    }
}
