import Crypto
public import Model

/// What may be asked for asynchronous calls beyond their arguments.
public struct RunOptions: Hashable, Sendable {
    /// A text of the caller's: the same request sent twice with it is done once.
    public var idempotencyKey: String?
    /// They start no earlier than after this.
    public var delay: Duration?
    /// Higher ones start first.
    public var priority: Int
    /// What has not started by then ends as failed.
    public var maximumAge: Duration?
    /// Where each end is to be told.
    public var callback: String?
    /// What the calls are told beside their arguments.
    public var detail: CallDetail?
    /// The id of a single call; nil: a new one.
    public var id: ExecutionID?

    public init(
        idempotencyKey: String? = nil, delay: Duration? = nil, priority: Int = 0, maximumAge: Duration? = nil,
        callback: String? = nil, detail: CallDetail? = nil, id: ExecutionID? = nil
    ) {
        self.idempotencyKey = idempotencyKey
        self.delay = delay
        self.priority = priority
        self.maximumAge = maximumAge
        self.callback = callback
        self.detail = detail
        self.id = id
    }

    /// What makes two requests the same: the function and all arguments, in order.
    static func digest(_ function: FunctionKey, _ inputs: [[UInt8]]) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: Array("\(function.namespace)/\(function.name)\n".utf8))
        for input in inputs {
            // With its length before it, no input can pass for two.
            withUnsafeBytes(of: UInt64(input.count).littleEndian) { hash.update(bufferPointer: $0) }
            hash.update(data: input)
        }
        return Array(hash.finalize())
    }
}

/// A call to be queued.
public struct QueuedCall: Sendable {
    public var function: FunctionKey
    public var input: [UInt8]
    /// What it is told beside its input.
    public var detail: CallDetail?

    public init(function: FunctionKey, input: [UInt8], detail: CallDetail? = nil) {
        self.function = function
        self.input = input
        self.detail = detail
    }
}

/// Asynchronous calls that were accepted.
public struct QueuedRuns: Hashable, Sendable {
    /// In the order of the request.
    public var ids: [ExecutionID]
    /// Under which their progress can be asked for; nil for a single call.
    public var batch: BatchID?
}
