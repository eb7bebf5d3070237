/// Why a body is no form: a sentence for who sent it.
public struct MultipartError: Error, Hashable, Sendable {
    public var message: String

    init(_ message: String) { self.message = message }
}

/// How large the parts of a form may be that are kept in memory while it is read.
public struct MultipartLimits: Hashable, Sendable {
    public var maximumParts = 256
    /// Bytes of the head of a part.
    public var maximumHeadBytes = 16_384

    public init() {}
}
