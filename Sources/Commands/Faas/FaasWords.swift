/// Brings the words of a `faas` command into the form that the parser takes.
enum FaasWords {
    /// Switches that are on unless somebody turns them off: they have a value.
    private static let valued: Set<String> = ["envsubst", "tail", "trim", "update"]
    /// Switches that are off unless somebody turns them on.
    private static let plain: Set<String> = [
        "quiet", "json", "verbose", "async", "replace", "skip-deploy", "skip-push", "tls-no-verify", "password-stdin",
        "list", "short-version", "no-cache", "readonly", "overwrite", "instance",
    ]

    /// `--tail` becomes `--tail=true`, `--quiet=true` becomes `--quiet`, and `--quiet=false` nothing.
    static func grouped(_ words: [String]) -> [String] {
        var result: [String] = []
        for (index, word) in words.enumerated() {
            if word == "--" { return result + words[index...] }
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            guard word.hasPrefix("--"), let first = parts.first else {
                result.append(word)
                continue
            }
            let name = String(first.dropFirst(2))
            if valued.contains(name), parts.count == 1 {
                result.append("\(word)=true")
            } else if plain.contains(name), parts.count == 2 {
                if ["true", "1", "t"].contains(parts[1].lowercased()) { result.append(first) }
            } else {
                result.append(word)
            }
        }
        return result
    }
}
