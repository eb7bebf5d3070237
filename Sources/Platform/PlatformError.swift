public import Model

/// Why the platform did not do what was asked: one sentence with the cause and the fix, under a stable code.
public struct PlatformError: Error, Sendable {
    /// What kind of failure it is. A face maps each to its own status.
    public enum Code: String, Sendable, CaseIterable {
        /// A field is missing or has a wrong form.
        case invalidRequest = "invalid_request"
        case invalidName = "invalid_name"
        /// The user's code cannot be run as it is.
        case invalidCode = "invalid_code"
        case invalidContext = "invalid_context"
        case invalidRequirements = "invalid_requirements"
        case invalidArguments = "invalid_arguments"
        case tooLarge = "too_large"
        case unauthenticated
        case forbidden
        case functionNotFound = "function_not_found"
        case executionNotFound = "execution_not_found"
        case batchNotFound = "batch_not_found"
        case spotNotFound = "spot_not_found"
        /// There is no such token or user.
        case accountNotFound = "account_not_found"
        /// There is no such secret, namespace or image.
        case notFound = "not_found"
        case alreadyExists = "already_exists"
        /// What is asked for is at odds with what is being done.
        case conflict
        /// An idempotency key was used before, for another request.
        case idempotencyConflict = "idempotency_conflict"
        /// As many calls wait as may wait.
        case busy
        /// More requests in a time than are allowed.
        case rateLimited = "rate_limited"
        /// Nothing runs until a spot is added.
        case noSpots = "no_spots"
        /// Nothing can run or be stored for now.
        case unavailable
        case internalFailure = "internal"
    }

    public var code: Code
    public var message: String
    /// What lies behind a failure of the platform itself; for logs, not for users.
    public var cause: (any Error)?
    /// What the user's code did, where it is at fault.
    public var fault: ExecutionFault?
    /// When to try again, where that may help.
    public var retryAfterSeconds: Int?

    public init(
        _ code: Code, _ message: String, cause: (any Error)? = nil, fault: ExecutionFault? = nil,
        retryAfterSeconds: Int? = nil
    ) {
        self.code = code
        self.message = message
        self.cause = cause
        self.fault = fault
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// Whether the user's code is to blame, not the platform.
    public var isFaultOfGuest: Bool { fault != nil }
}
