/// How a queued run is to be treated; nil leaves it to the server.
public struct RunOptions: Hashable, Sendable {
    /// The same key with the same arguments gives the same execution.
    public var idempotencyKey: String?
    /// Seconds that it waits at least.
    public var delay: Double?
    /// From -100 to 100; the higher, the sooner.
    public var priority: Int?
    /// Seconds after which it is not started any more.
    public var maximumAge: Double?
    /// Where the execution is sent once it has ended.
    public var callbackURL: String?

    public init(
        idempotencyKey: String? = nil, delay: Double? = nil, priority: Int? = nil, maximumAge: Double? = nil,
        callbackURL: String? = nil
    ) {
        self.idempotencyKey = idempotencyKey
        self.delay = delay
        self.priority = priority
        self.maximumAge = maximumAge
        self.callbackURL = callbackURL
    }

    /// Whether nothing is asked for.
    public var isEmpty: Bool { self == RunOptions() }

    var headers: [(String, String)] {
        let all: [(String, String?)] = [
            ("Idempotency-Key", idempotencyKey), ("X-Swiftlet-Delay", delay.map { "\($0)" }),
            ("X-Swiftlet-Priority", priority.map { "\($0)" }), ("X-Swiftlet-Max-Age", maximumAge.map { "\($0)" }),
            ("X-Callback-Url", callbackURL),
        ]
        return all.compactMap { name, value in value.map { (name, $0) } }
    }
}
