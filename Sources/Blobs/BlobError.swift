/// What keeps a blob from being stored or read.
public struct BlobError: Error, Hashable, Sendable {
    public enum Code: String, Sendable {
        /// The owner may not store so much.
        case quotaExceeded = "quota_exceeded"
        /// The disk is full, may not be written, or fails.
        case unavailable
        /// A stored blob is not what its name says.
        case corrupt
        /// The blob was sealed or dropped before.
        case closed
    }

    public let code: Code
    /// A sentence with the cause.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
