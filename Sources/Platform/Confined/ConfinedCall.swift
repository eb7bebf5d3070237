public import Model

/// Functions that a part of the server keeps to itself. No face lists, shows, calls or changes them, and of their calls is
/// recorded only that they were, how they ended and what they used.
extension Namespace {
    /// Where these functions are.
    static let confined = Namespace(unchecked: "_gates")
}

/// Answers what the guest of one call asks, in place of the platform.
public protocol GuestCallService: Sendable {
    /// As ``HostCallService/answer(_:_:of:_:)``, for the one call.
    func answer(
        _ operation: UInt32, _ request: [UInt8],
        _ reply: @escaping @Sendable (Result<[UInt8], HostCallRefusal>) -> Void)
}

/// A confined function to be deployed.
public struct ConfinedFunction: Sendable {
    public var name: FunctionName
    public var face: Face
    public var code: ConfinedCode
    public var limits: FunctionLimits

    public init(name: FunctionName, face: Face, code: ConfinedCode, limits: FunctionLimits) {
        self.name = name
        self.face = face
        self.code = code
        self.limits = limits
    }
}

/// A call of a confined function.
public struct ConfinedCall: Sendable {
    public var function: FunctionName
    public var input: [UInt8]
    public var detail: CallDetail
    /// Answers all that the guest asks: neither the network, nor shared state, nor other functions are within its reach.
    public var guest: any GuestCallService
    /// The longest that it may run, where that is less than the function's own limit.
    public var limit: Duration
    /// The call that waits for this one; nil: no other.
    public var caller: ExecutionID?
    /// Whether nobody waits for it.
    public var isAsynchronous: Bool

    public init(
        function: FunctionName, input: [UInt8], detail: CallDetail, guest: any GuestCallService, limit: Duration,
        caller: ExecutionID?, isAsynchronous: Bool
    ) {
        self.function = function
        self.input = input
        self.detail = detail
        self.guest = guest
        self.limit = limit
        self.caller = caller
        self.isAsynchronous = isAsynchronous
    }
}
