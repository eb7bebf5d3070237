import Model

/// How many requests may come in a time: as many as in a minute at once, and then as they are filled up again.
struct TokenBucket {
    private let ratePerMinute: Int
    private var filling: Double
    private var time: Timestamp

    init(ratePerMinute: Int, at now: Timestamp) {
        self.ratePerMinute = ratePerMinute
        filling = Double(ratePerMinute)
        time = now
    }

    /// Lets one request pass. Returns nil, or in how many seconds one can pass.
    mutating func take(at now: Timestamp, _ rate: Int) -> Int? {
        if rate != ratePerMinute { self = TokenBucket(ratePerMinute: rate, at: now) }
        // A clock that is set back fills nothing.
        let seconds = Double(max(0, now.since(time).microseconds)) / 1_000_000
        time = now
        filling = min(Double(rate), filling + seconds * Double(rate) / 60)
        guard filling < 1 else {
            filling -= 1
            return nil
        }
        return max(1, Int(((1 - filling) * 60 / Double(rate)).rounded(.up)))
    }
}
