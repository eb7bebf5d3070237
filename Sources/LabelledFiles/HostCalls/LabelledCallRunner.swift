public import Labels

/// What a function asks to be called.
public struct GateCall: Sendable {
    public var gate: ResolvedGate
    public var payload: [UInt8]
    public var parameters: [String: String]
    /// Whether the caller waits for the answer.
    public var isSynchronous: Bool
}

/// What came of a call.
public struct CallReply: Sendable {
    public var succeeded: Bool
    /// The status that the function, or the service, answered; 0 where there is none.
    public var status: UInt32
    public var headers: [String: String]
    public var body: [UInt8]
    /// Of an asynchronous call.
    public var invocation: String
    /// What the answer, and that there is one, may be known by: the result label of the function, or the label that it was
    /// started with.
    public var label: Label

    public init(
        succeeded: Bool, status: UInt32, headers: [String: String] = [:], body: [UInt8] = [],
        invocation: String = "", label: Label
    ) {
        self.succeeded = succeeded
        self.status = status
        self.headers = headers
        self.body = body
        self.invocation = invocation
        self.label = label
    }
}

/// Runs what callers of the labelled file system call. All checks of labels are done before and after.
public protocol LabelledCallRunner: Sendable {
    /// Runs a function, or queues it.
    func run(_ call: GateCall) async throws -> CallReply
    /// Sends the request of a service; its label is not looked at.
    func send(_ request: ServiceRequest) async throws -> CallReply
    /// The answer of a call that ended; nil where it did not, or is not known.
    func result(of invocation: String) async throws -> CallReply?
}

/// What a function was called with.
public struct GuestRequest: Sendable {
    public var payload: [UInt8]
    /// Or the parameters that a calling function gave.
    public var headers: [String: String]
    /// Tokens of each single principal of who called.
    public var invokers: [[String]]

    public init(payload: [UInt8] = [], headers: [String: String] = [:], invokers: [[String]] = []) {
        self.payload = payload
        self.headers = headers
        self.invokers = invokers
    }
}
