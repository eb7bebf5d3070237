import Glibc
import Synchronization

/// How far a transfer is, on one line of a terminal that is written again and again.
final class ProgressBar: Sendable {
    /// Transfers below this are over before anybody looks.
    static let minimumBytes = 1 << 20
    private static let barWidth = 30

    private let verb: String
    private let isShown: Bool
    private let last = Mutex<String?>(nil)

    /// It is shown where standard error is a terminal.
    init(_ verb: String, isShown: Bool = isatty(STDERR_FILENO) == 1) {
        self.verb = verb
        self.isShown = isShown
    }

    /// Shows that so many bytes are through, of so many, where that is known.
    func update(_ done: Int, of total: Int?) {
        guard isShown, (total ?? done) >= Self.minimumBytes else { return }
        let text = Self.text(verb, done, of: total)
        let isNew = last.withLock { last in
            defer { last = text }
            return last != text
        }
        if isNew { Console.progress("\r\(text)\u{1B}[K") }
    }

    /// Removes the line.
    func clear() {
        let wasShown = last.withLock { last in
            defer { last = nil }
            return last != nil
        }
        if wasShown { Console.progress("\r\u{1B}[K") }
    }

    static func text(_ verb: String, _ done: Int, of total: Int?) -> String {
        let size = mebibytes(done)
        guard let total, total > 0 else { return StatusLine.text(verb, "\(size) MiB", isColoured: false) }
        let filled = min(barWidth, barWidth * min(done, total) / total)
        var bar = String(repeating: "=", count: filled)
        if filled < barWidth { bar += ">" + String(repeating: " ", count: barWidth - filled - 1) }
        return StatusLine.text(verb, "[\(bar)] \(size) of \(mebibytes(total)) MiB", isColoured: false)
    }

    /// With one decimal digit.
    private static func mebibytes(_ bytes: Int) -> String {
        let tenths = bytes * 10 / (1 << 20)
        return "\(tenths / 10).\(tenths % 10)"
    }
}
