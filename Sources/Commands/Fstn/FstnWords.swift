/// Brings the words of a `fstn` command into the form that the parser takes.
///
/// The server, the user and `--json` may stand anywhere; the parser looks for them before the command. Short options that a command
/// shares with the ones above it get their long names: the parser would take them for those.
enum FstnWords {
    /// `-s` is the server to all commands but this.
    private static let saver = "delegate"
    private static let files = "fs"

    static func grouped(_ words: [String]) -> [String] {
        var front: [String] = []
        var others: [String] = []
        /// The command, and below `fs` the operation.
        var commands: [String] = []
        var position = 0
        while position < words.count {
            let word = words[position]
            position += 1
            if word == "--" { return front + others + words[(position - 1)...] }
            if word == "-s", commands.first == saver {
                others.append("--save")
            } else if word == "-sb" || word == "-bs", commands.first == saver {
                others += ["--save", "--bootstrap"]
            } else if word == "-m", commands.first == files, commands.count > 1 {
                others.append("--memory")
            } else if ["-s", "-u", "--server", "--user"].contains(word) {
                front.append(word)
                take(&position, words, &front)
            } else if word == "--json" || word.hasPrefix("--server=") || word.hasPrefix("--user=") {
                front.append(word)
            } else {
                others.append(word)
                if word == "-m" || word == "--masquerade" {
                    take(&position, words, &others)
                } else if !word.hasPrefix("-"), commands.count < 2 {
                    commands.append(word)
                }
            }
        }
        return front + others
    }

    /// Moves the value of an option.
    private static func take(_ position: inout Int, _ words: [String], _ place: inout [String]) {
        guard position < words.count else { return }
        place.append(words[position])
        position += 1
    }
}
