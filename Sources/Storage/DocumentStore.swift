/// What a document is about. The raw values are on disk.
public enum DocumentKind: String, Hashable, Sendable, CaseIterable {
    /// Code that was built under an image's name.
    case build
    /// What the owner of a namespace noted about it.
    case namespace
    /// An encrypted secret of a namespace.
    case secret
    /// How many replicas somebody asked for, by the function's id.
    case replicas
    /// What is counted across restarts.
    case counters
    /// A file that functions of a namespace share.
    case sharedFile = "shared-file"
}

/// A document that is to be stored, or deleted where it has no bytes.
public struct DocumentChange: Hashable, Sendable {
    public var kind: DocumentKind
    public var name: String
    public var bytes: [UInt8]?

    public init(_ kind: DocumentKind, _ name: String, _ bytes: [UInt8]?) {
        self.kind = kind
        self.name = name
        self.bytes = bytes
    }
}

/// Small things that are only ever looked up by their kind and name. What the bytes are is known to who stores them.
public protocol DocumentStore: Sendable {
    func document(_ kind: DocumentKind, _ name: String) async throws -> [UInt8]?
    /// All of a kind, by name.
    func documents(_ kind: DocumentKind) async throws -> [(name: String, bytes: [UInt8])]
    /// Makes changes, all or none. Returns when they are on disk.
    func save(_ changes: [DocumentChange]) async throws
}
