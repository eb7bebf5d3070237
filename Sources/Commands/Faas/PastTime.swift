import Client
import Glibc
import Model

/// Spans as users write them, and times that far back.
enum PastTime {
    /// A span such as `10m` or `1h30m`.
    static func duration(_ text: String) throws(ClientError) -> Duration {
        var total = 0.0
        var rest = text[...]
        repeat {
            let digits = rest.prefix { $0.isNumber || $0 == "." }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unit.count)
            let milliseconds = ["ms": 1.0, "s": 1000, "m": 60_000, "h": 3_600_000][String(unit)]
            guard let number = Double(digits), let milliseconds else {
                throw .local("`\(text)` is no span such as 10m or 1h30m.")
            }
            total += number * milliseconds
        } while !rest.isEmpty
        return .milliseconds(Int64(min(total, 1e12)))
    }

    /// The time that long ago (RFC 3339).
    static func text(_ span: String) throws(ClientError) -> String {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let time = Timestamp(microseconds: Int64(now.tv_sec) * 1_000_000)
        let back = try duration(span)
        return TimestampText.rfc3339(Timestamp(microseconds: time.microseconds - back.microseconds))
    }
}
