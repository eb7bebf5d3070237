/// A requirements text in pip's format.
enum Requirements {
    /// Refuses what the sandbox does not have.
    static func check(_ text: String, provided: Set<String>) throws(PlatformError) {
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = line.prefix { $0 != "#" }.drop(while: \.isWhitespace)
            if line.allSatisfy(\.isWhitespace) { continue }
            let name = line.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
            guard !name.isEmpty, !line.hasPrefix("-") else {
                throw PlatformError(
                    .invalidRequirements,
                    "Line \(index + 1) of the requirements names no distribution; write a line such as `Pillow`.")
            }
            guard provided.contains(normalised(name)) else {
                throw PlatformError(
                    .invalidRequirements,
                    "`\(name)` (line \(index + 1) of the requirements) is not in the sandbox, and packages are not installed: it has "
                        + "Python's standard library and: \(provided.sorted().joined(separator: ", ")). Put pure Python code into the "
                        + "function's own file.")
            }
        }
    }

    /// PEP 503: case, and runs of `-`, `_` and `.`, make no difference.
    private static func normalised(_ name: Substring) -> String {
        name.split { "-_.".contains($0) }.joined(separator: "-").lowercased()
    }
}
