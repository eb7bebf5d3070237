/// Says in a sentence why pip did not find what was asked for.
struct PipFailure {
    private let ending: Pip.Ending
    private let pip: Pip
    private let builtin: [String: String]

    init(_ ending: Pip.Ending, _ pip: Pip, builtin: [String: String]) {
        self.ending = ending
        self.pip = pip
        self.builtin = builtin
    }

    /// A distribution that cannot be had in the form that is needed.
    static func native(_ name: some StringProtocol, builtin: [String: String]) -> PackageError {
        PackageError(
            .requirements,
            "`\(name)` has no pure-Python wheel for Python 3.13 that fits the requirements: machine code cannot be loaded in the "
                + "sandbox, and nothing is built from sources. Built in are Python's standard library and: "
                + "\(builtin.keys.sorted().joined(separator: ", ")).")
    }

    var error: PackageError {
        switch ending.status {
        case Pip.timedOut, 128 + 9, 128 + 24:
            return PackageError(
                .unavailable,
                "pip did not find and fetch the requirements within \(pip.timeoutSeconds) s; try again, or ask for less."
            )
        case Pip.noProgram, 126:
            return PackageError(
                .unavailable,
                "Requirements need pip, but the server finds no `\(pip.python)`: install python3 with pip, or set `--pip-python`."
            )
        default: break
        }
        if ending.log.contains("No module named pip") {
            return PackageError(
                .unavailable,
                "Requirements need pip, but the server's `\(pip.python)` has none: install python3-pip, or set `--pip-python`."
            )
        }
        if let name = text(after: "No matching distribution found for ") {
            return Self.native(name.prefix { $0.isLetter || $0.isNumber || "-_.".contains($0) }, builtin: builtin)
        }
        let lines = ending.log.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("ERROR: ") }
        let reason = lines.first.map { $0.dropFirst("ERROR: ".count) } ?? ending.log.suffix(300)
        return PackageError(.requirements, "pip cannot resolve the requirements: \(reason)")
    }

    private func text(after marker: String) -> Substring? {
        for line in ending.log.split(whereSeparator: \.isNewline) {
            if let range = line.firstRange(of: marker) { return line[range.upperBound...] }
        }
        return nil
    }
}
