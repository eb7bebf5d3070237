/// Why the platform refuses a guest's request.
public struct HostCallRefusal: Error, Hashable, Sendable {
    /// The Python exception that the guest raises.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case runtime = "RuntimeError"
        case value = "ValueError"
        case type = "TypeError"
        case permission = "PermissionError"
        case notFound = "FileNotFoundError"
        case timeout = "TimeoutError"
        case connection = "ConnectionError"
        case system = "OSError"
        case memory = "MemoryError"
    }

    public let kind: Kind
    /// A sentence for the user.
    public let message: String

    public init(_ message: String, _ kind: Kind = .runtime) {
        self.kind = kind
        self.message = message
    }

    /// As guests are told of it: the exception's name, and on the next lines the sentence.
    public var text: String { "\(kind.rawValue)\n\(message)" }
}

/// Answers what guests ask of the platform while they run.
public protocol HostCallService: Sendable {
    /// Answers operation `operation` of the call `caller`; see `guest/python/swiftlet_runtime/host.py` for the numbers.
    /// Called on the thread that hears the worker: what takes long must go elsewhere. `reply` is called once, now or later.
    func answer(
        _ operation: UInt32, _ request: [UInt8], of caller: ExecutionID,
        _ reply: @escaping @Sendable (Result<[UInt8], HostCallRefusal>) -> Void)
}
