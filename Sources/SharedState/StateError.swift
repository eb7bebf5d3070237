import Storage

/// Why shared state did not do what was asked: a sentence with the cause and the fix, under a stable code.
public struct StateError: Error, Hashable, Sendable {
    public enum Code: String, Sendable, CaseIterable {
        /// A key, number or field has a wrong form.
        case invalidRequest = "invalid_request"
        /// A limit is reached.
        case limitReached = "limit_reached"
        /// A lock is not held, or cannot be had beside what is held.
        case lockMisuse = "lock_misuse"
        case lockTimedOut = "lock_timed_out"
        /// The call ended, or was cancelled.
        case cancelled
        /// The store cannot be read or written for now.
        case unavailable
    }

    public var code: Code
    public var message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension StateError {
    static var closed: Self { Self(.unavailable, "The server is stopping: try again later.") }
    static var ended: Self { Self(.cancelled, "The call has ended.") }

    /// A failure of the store.
    static func store(_ error: any Error) -> Self {
        Self(.unavailable, (error as? StorageError)?.message ?? "The shared state cannot be reached: \(error).")
    }

    static func limit(_ name: String, _ what: String, is count: Int, over maximum: Int, _ fix: String) -> Self {
        Self(.limitReached, "\(what) \(count) bytes, but the limit \(name) is \(maximum): \(fix).")
    }
}
