/// How queued runs of a function are tried again, and how many run at one time; nil leaves as it is.
public struct FunctionPolicy: Hashable, Sendable {
    public var attempts: Int?
    public var backoffMilliseconds: Int?
    public var longestBackoffMilliseconds: Int?
    /// After which failures: `error`, `timeout`, `crash`.
    public var retryOn: [String]
    public var concurrency: Int?

    public init(
        attempts: Int? = nil, backoffMilliseconds: Int? = nil, longestBackoffMilliseconds: Int? = nil,
        retryOn: [String] = [], concurrency: Int? = nil
    ) {
        self.attempts = attempts
        self.backoffMilliseconds = backoffMilliseconds
        self.longestBackoffMilliseconds = longestBackoffMilliseconds
        self.retryOn = retryOn
        self.concurrency = concurrency
    }

    var members: [JSON.Member] {
        let numbers = [
            ("attempts", attempts), ("backoff_ms", backoffMilliseconds), ("backoff_max_ms", longestBackoffMilliseconds),
        ]
        var retry = numbers.compactMap { name, value in value.map { JSON.Member(name, .number("\($0)")) } }
        if !retryOn.isEmpty { retry.append(JSON.Member("on", .array(retryOn.map(JSON.string)))) }
        var members = retry.isEmpty ? [] : [JSON.Member("retry", .object(retry))]
        if let concurrency { members.append(JSON.Member("concurrency", .number("\(concurrency)"))) }
        return members
    }
}
