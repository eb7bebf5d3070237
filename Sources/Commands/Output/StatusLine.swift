import Client
import Glibc

/// A line of `fstn` on standard error: what was done, in a column of its own, and what came of it.
enum StatusLine {
    static let verbWidth = 12

    /// Whether colours are shown: on a terminal, unless `NO_COLOR` is set.
    static var isColoured: Bool { isatty(STDERR_FILENO) == 1 && ClientEnvironment.current["NO_COLOR"] == nil }

    static func show(_ verb: String, _ status: String) {
        Console.error(text(verb, status, isColoured: isColoured))
    }

    /// The verb to the right of its column, then the status.
    static func text(_ verb: String, _ status: String, isColoured: Bool) -> String {
        let space = String(repeating: " ", count: max(0, verbWidth - verb.count))
        return isColoured ? "\(space)\u{1B}[1;32m\(verb)\u{1B}[0m \(status)" : "\(space)\(verb) \(status)"
    }
}
