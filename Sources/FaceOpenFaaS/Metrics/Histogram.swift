import Model

/// How many of some durations were no longer than each of a few bounds.
struct Histogram: Sendable {
    /// Upper bounds of the buckets, in seconds.
    static let bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    /// By bucket; each holds what the ones before it hold.
    private(set) var counts = [Int](repeating: 0, count: bounds.count)
    private(set) var count = 0
    private(set) var sum = 0.0

    mutating func add(_ duration: Duration) {
        let seconds = Double(duration.microseconds) / 1e6
        count += 1
        sum += seconds
        for (index, bound) in Self.bounds.enumerated() where seconds <= bound { counts[index] += 1 }
    }

    static func + (left: Self, right: Self) -> Self {
        var sum = left
        sum.count += right.count
        sum.sum += right.sum
        for (index, count) in right.counts.enumerated() { sum.counts[index] += count }
        return sum
    }
}
