/// How the asynchronous runs of a function are treated by the queue.
public struct FunctionPolicy: Hashable, Sendable, Codable {
    public var retry: RetryPolicy
    /// Most runs of this function at one time; nil: as many as there is room for.
    public var concurrency: Int?

    public init(retry: RetryPolicy = .none, concurrency: Int? = nil) {
        self.retry = retry
        self.concurrency = concurrency
    }

    /// What functions have that ask for nothing else.
    public static let standard = FunctionPolicy()

    /// What a function may ask for as its ``concurrency``.
    public static let concurrencies = 1...10_000

    /// The settings that are outside their bounds, a sentence for each.
    public var violations: [String] {
        var sentences = retry.violations
        if let concurrency, !Self.concurrencies.contains(concurrency) {
            let (least, most) = (Self.concurrencies.lowerBound, Self.concurrencies.upperBound)
            sentences.append("`concurrency` is \(concurrency), but must be between \(least) and \(most), or null")
        }
        return sentences
    }
}

/// When a run that failed is tried again.
public struct RetryPolicy: Hashable, Sendable, Codable {
    /// What a run can fail of that is worth another attempt.
    public enum Cause: String, Hashable, Sendable, Codable, CaseIterable {
        /// It raised, exited, trapped, or reached a limit other than its time.
        case error
        /// It reached its limit of time.
        case timeout
        /// Its worker died.
        case crash
    }

    /// How often a run is started in all; 1: never again.
    public var attempts: Int
    /// The pause after the first attempt; each later one is twice as long.
    public var backoffMilliseconds: Int
    /// The longest pause.
    public var maximumBackoffMilliseconds: Int
    public var causes: Set<Cause>

    public init(
        attempts: Int = 1, backoffMilliseconds: Int = 1000, maximumBackoffMilliseconds: Int = 60_000,
        causes: Set<Cause> = Set(Cause.allCases)
    ) {
        self.attempts = attempts
        self.backoffMilliseconds = backoffMilliseconds
        self.maximumBackoffMilliseconds = maximumBackoffMilliseconds
        self.causes = causes
    }

    /// One attempt.
    public static let none = RetryPolicy()

    /// What a policy may ask for.
    public static let attemptCounts = 1...20
    /// What a pause may be, in milliseconds: up to a day.
    public static let backoffs = 0...86_400_000

    /// The pause after attempt number `attempt`: doubled each time up to the longest, and of that a part between half
    /// and all, as `jitter` (0 up to 1) tells, so that what failed together does not come back together.
    public func backoff(after attempt: Int, jitter: Double) -> Duration {
        let doublings = min(max(0, attempt - 1), 40)
        let whole = min(Double(maximumBackoffMilliseconds), Double(backoffMilliseconds) * Double(1 << doublings))
        return .microseconds(Int64(whole * 1000 * (0.5 + 0.5 * jitter)))
    }

    /// Whether a run is started again that failed with `fault` at attempt number `attempt`. One whose worker died is, up
    /// to `crashAttempts`, whatever the policy says.
    public func retries(_ fault: ExecutionFault, attempt: Int, crashAttempts: Int) -> Bool {
        let cause: Cause
        switch fault.kind {
        case .raised, .exited, .limit, .trapped: cause = .error
        case .timedOut: cause = .timeout
        case .workerLost: cause = .crash
        case .cancelled, .expired, .platform: return false
        }
        if cause == .crash, attempt < crashAttempts { return true }
        return causes.contains(cause) && attempt < attempts
    }

    var violations: [String] {
        let settings = [
            ("attempts", attempts, Self.attemptCounts), ("backoff_ms", backoffMilliseconds, Self.backoffs),
            ("backoff_max_ms", maximumBackoffMilliseconds, Self.backoffs),
        ]
        return settings.compactMap { name, value, bounds in
            bounds.contains(value)
                ? nil : "`retry.\(name)` is \(value), but must be between \(bounds.lowerBound) and \(bounds.upperBound)"
        }
    }
}
