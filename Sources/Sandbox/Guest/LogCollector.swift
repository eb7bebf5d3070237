internal import Model

/// Makes log lines of what a guest prints, up to a limit for both streams together.
struct LogCollector {
    /// More lines than these are dropped, however short: each takes more room here than in the guest.
    static let maximumLines = 50_000

    private(set) var lines: [LogLine] = []
    private var partial: (stdout: [UInt8], stderr: [UInt8]) = ([], [])
    private var usedBytes = 0
    private let limitBytes: Int
    private(set) var wasCut = false
    /// How many of `lines` were taken by ``takeNew()``.
    private var taken = 0

    init(limitBytes: Int) { self.limitBytes = limitBytes }

    mutating func write(_ bytes: UnsafeRawBufferPointer, to stream: LogStream, now: Timestamp) {
        let kept = bytes.prefix(max(0, limitBytes - usedBytes))
        usedBytes += kept.count
        for byte in kept {
            if byte == UInt8(ascii: "\n") {
                guard lines.count < Self.maximumLines else { return cut("\(Self.maximumLines) lines", now) }
                finishLine(of: stream, now: now)
            } else {
                withPartial(of: stream) { $0.append(byte) }
            }
        }
        if kept.count < bytes.count { cut("\(limitBytes) bytes", now) }
    }

    /// Drops everything from now on, and says so once.
    private mutating func cut(_ limit: String, _ now: Timestamp) {
        usedBytes = limitBytes
        guard !wasCut else { return }
        wasCut = true
        finish(now: now)
        let notice = "(the limit of \(limit) of output to the log was reached: the rest is dropped)"
        lines.append(LogLine(time: now, stream: .stderr, text: notice))
    }

    /// The lines since the last time.
    mutating func takeNew() -> [LogLine] {
        defer { taken = lines.count }
        return Array(lines[taken...])
    }

    /// Whether there are lines that were not taken.
    var hasNew: Bool { taken < lines.count }

    /// Ends what was printed without a line end.
    mutating func finish(now: Timestamp) {
        for stream in [LogStream.stdout, .stderr] where !withPartial(of: stream, { $0.isEmpty }) {
            finishLine(of: stream, now: now)
        }
    }

    private mutating func finishLine(of stream: LogStream, now: Timestamp) {
        let text = withPartial(of: stream) { bytes in
            defer { bytes.removeAll(keepingCapacity: true) }
            return String(decoding: bytes, as: UTF8.self)
        }
        lines.append(LogLine(time: now, stream: stream, text: text))
    }

    private mutating func withPartial<Result>(of stream: LogStream, _ body: (inout [UInt8]) -> Result) -> Result {
        switch stream {
        case .stdout: body(&partial.stdout)
        case .stderr: body(&partial.stderr)
        }
    }
}
