/// A point in time: microseconds since 1970-01-01 00:00 UTC.
public struct Timestamp: Hashable, Comparable, Sendable, Codable {
    public var microseconds: Int64

    public init(microseconds: Int64) { self.microseconds = microseconds }

    public init(from decoder: any Decoder) throws { microseconds = try Int64(from: decoder) }

    public func encode(to encoder: any Encoder) throws { try microseconds.encode(to: encoder) }

    public static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }

    public static func + (time: Self, span: Duration) -> Self {
        Self(microseconds: time.microseconds + span.microseconds)
    }

    /// The time from `start` to this.
    public func since(_ start: Timestamp) -> Duration { .microseconds(microseconds - start.microseconds) }
}

extension Duration {
    /// The whole microseconds of this span.
    public var microseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}
