/// A request of a function's to a server elsewhere.
public struct OutboundRequest: Sendable {
    public var method: String
    public var url: CallbackURL
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]
    public var timeout: Duration
    /// Bytes of the answer's body; a longer one is a failure.
    public var maximumAnswerBytes: Int

    public init(
        method: String, url: CallbackURL, headers: [(name: String, value: String)], body: [UInt8], timeout: Duration,
        maximumAnswerBytes: Int
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.maximumAnswerBytes = maximumAnswerBytes
    }
}

/// What came back.
public struct OutboundAnswer: Sendable {
    public var status: Int
    public var headers: [(name: String, value: String)]
    public var body: [UInt8]

    public init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// Why nothing came back: a sentence.
public enum OutboundFailure: Error, Hashable, Sendable {
    case refused(String)
    case failed(String)
    case timedOut(String)
}

/// Sends requests, and follows no redirects. Only addresses that are public are sent to, unless the operator allows others.
public protocol OutboundSender: Sendable {
    func send(_ request: OutboundRequest) async -> Result<OutboundAnswer, OutboundFailure>
}
