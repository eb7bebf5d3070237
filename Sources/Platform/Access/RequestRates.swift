import Model

/// How many requests accounts have made lately. Pure.
struct RequestRates {
    private var buckets: [UUID7: TokenBucket] = [:]

    /// Lets a request of an account pass that allows so many in a minute; nil: any number. `rateLimited` where it may not.
    mutating func take(
        _ account: UUID7, _ rate: Int?, at now: Timestamp, as what: String
    ) throws(PlatformError) {
        guard let rate else { return }
        var bucket = buckets[account] ?? TokenBucket(ratePerMinute: rate, at: now)
        let wait = bucket.take(at: now, rate)
        buckets[account] = bucket
        guard let wait else { return }
        throw PlatformError(
            .rateLimited, "This \(what) allows \(rate) requests in a minute; try again in \(wait) s.",
            retryAfterSeconds: wait)
    }

    mutating func forget(_ account: UUID7) { buckets[account] = nil }
}
