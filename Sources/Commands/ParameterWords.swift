import Client

/// Several words may follow one `-p` of `run` and `run_bulk`, which the argument parser cannot tell from a second `-p`.
enum ParameterWords {
    private static let commands: Set<String> = ["run", "run_bulk"]
    private static let nouns: Set<String> = ["functions", "deployments"]

    /// Joins the words after each `-p` into one argument. A word without `=` ends the group: it is the function's name.
    static func grouping(_ arguments: [String]) -> [String] {
        guard let noun = arguments.firstIndex(where: nouns.contains), arguments.indices.contains(noun + 1),
            commands.contains(arguments[noun + 1])
        else { return arguments }
        var grouped = Array(arguments[...(noun + 1)])
        var position = noun + 2
        while position < arguments.count {
            let argument = arguments[position]
            grouped.append(argument)
            position += 1
            guard argument == "-p" || argument == "--parameters", position < arguments.count else { continue }
            var words = [arguments[position]]
            position += 1
            while position < arguments.count, arguments[position].contains("="), !arguments[position].hasPrefix("-") {
                words.append(arguments[position])
                position += 1
            }
            grouped.append(words.joined(separator: String(Parameters.wordSeparator)))
        }
        return grouped
    }
}
