/// Why the platform refuses a guest's request: a sentence for the user.
public struct HostCallRefusal: Error, Hashable, Sendable {
    public let message: String
    public init(_ message: String) { self.message = message }
}

/// Answers what guests ask of the platform while they run.
public protocol HostCallService: Sendable {
    /// Answers operation `operation` of the call `caller`; see `guest/python/swiftlet_runtime/host.py` for the numbers.
    func answer(_ operation: UInt32, _ request: [UInt8], of caller: ExecutionID) async -> Result<
        [UInt8], HostCallRefusal
    >
}
