import Model
import Platform

/// What a create or update request says of the queue's treatment of a function: `retry` and `concurrency`, both optional.
struct PolicyBody {
    private var retry: RetryPolicy?
    /// Nil: not given; a nil inside: `null`, for no limit.
    private var concurrency: Int??

    init(parsing bytes: [UInt8]) throws {
        var scanner = JSONScanner(bytes)
        let text = scanner
        var retry: RetryPolicy?
        var concurrency: Int??
        try scanner.object { key, kind, range throws(JSONFault) in
            switch key {
            case "retry": retry = text.isNull(in: range) ? RetryPolicy.none : try Self.retry(bytes, range)
            case "concurrency":
                concurrency = .some(text.isNull(in: range) ? nil : try Self.number(bytes, range, key, text))
            default: break
            }
        }
        self.retry = retry
        self.concurrency = concurrency
    }

    /// `current` with what this body asks for; nil where it asks for nothing.
    func policy(over current: FunctionPolicy) -> FunctionPolicy? {
        guard asksForSomething else { return nil }
        var policy = current
        if let retry { policy.retry = retry }
        if let concurrency { policy.concurrency = concurrency }
        return policy
    }

    var asksForSomething: Bool { retry != nil || concurrency != nil }

    private static func retry(_ bytes: [UInt8], _ range: Range<Int>) throws(JSONFault) -> RetryPolicy {
        var scanner = JSONScanner(bytes, range: range)
        let text = scanner
        var policy = RetryPolicy.none
        try scanner.object { key, _, range throws(JSONFault) in
            switch key {
            case "attempts": policy.attempts = try number(bytes, range, key, text)
            case "backoff_ms": policy.backoffMilliseconds = try number(bytes, range, key, text)
            case "backoff_max_ms": policy.maximumBackoffMilliseconds = try number(bytes, range, key, text)
            case "on": policy.causes = try causes(bytes, range)
            default:
                throw text.fault(
                    "There is no `retry.\(key)`, only `attempts`, `backoff_ms`, `backoff_max_ms`, `on`",
                    at: range.lowerBound)
            }
        }
        return policy
    }

    private static func causes(_ bytes: [UInt8], _ range: Range<Int>) throws(JSONFault) -> Set<RetryPolicy.Cause> {
        var scanner = JSONScanner(bytes, range: range)
        let text = scanner
        var causes: Set<RetryPolicy.Cause> = []
        try scanner.array { kind, range throws(JSONFault) in
            guard kind == .string, let cause = text.string(in: range).flatMap(RetryPolicy.Cause.init) else {
                let known = RetryPolicy.Cause.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
                throw text.fault("`retry.on` must be a list of \(known)", at: range.lowerBound)
            }
            causes.insert(cause)
        }
        return causes
    }

    private static func number(
        _ bytes: [UInt8], _ range: Range<Int>, _ key: String, _ text: JSONScanner
    ) throws(JSONFault) -> Int {
        guard let value = Int(String(decoding: bytes[range], as: UTF8.self)) else {
            throw text.fault("`\(key)` must be a whole number", at: range.lowerBound)
        }
        return value
    }
}

extension FunctionPolicy {
    /// Writes what is not as usual.
    func write(into writer: inout JSONWriter) {
        if retry != .none {
            writer.key("retry")
            writer.object { writer in
                writer.member("attempts", Int64(retry.attempts))
                writer.member("backoff_ms", Int64(retry.backoffMilliseconds))
                writer.member("backoff_max_ms", Int64(retry.maximumBackoffMilliseconds))
                writer.key("on")
                writer.array { writer in
                    for cause in RetryPolicy.Cause.allCases where retry.causes.contains(cause) {
                        writer.string(cause.rawValue)
                    }
                }
            }
        }
        if let concurrency { writer.member("concurrency", Int64(concurrency)) }
    }
}
