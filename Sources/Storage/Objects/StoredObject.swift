public import Model

/// The number of an object: random, but for that of the root.
public struct ObjectID: Hashable, Sendable, Codable, RawRepresentable {
    public let rawValue: UInt64

    public static let root = Self(rawValue: 0)

    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// One that no object has, but for a chance that may be left out of account.
    public static func random() -> Self { Self(rawValue: UInt64.random(in: 1 ... .max)) }
}

/// The kinds of objects; the numbers are those that functions are told, and those in databases.
public enum ObjectKind: Int, Sendable, CaseIterable {
    case directory = 0
    case file = 1
    case facetedDirectory = 2
    case gate = 3
    case service = 4
    case blob = 5
}

/// What never changes of an object.
public struct ObjectHead: Hashable, Sendable {
    public var id: ObjectID
    public var kind: ObjectKind
    /// The canonical text of its label; a faceted directory has none.
    public var label: String?
    /// Whose quota it counts for.
    public var owner: String

    public init(id: ObjectID, kind: ObjectKind, label: String?, owner: String) {
        self.id = id
        self.kind = kind
        self.label = label
        self.owner = owner
    }
}

/// An object with what it holds; entries of directories are kept apart.
public struct StoredObject: Hashable, Sendable {
    /// What an object counts for in its owner's quota, besides its content.
    public static let overheadBytes = 512

    /// What it counts for in its owner's quota.
    public var bytes: Int { blobs.reduce(content.count + Self.overheadBytes) { $0 + $1.length } }

    public var head: ObjectHead
    /// Counts the replacements of its content.
    public var version: Int
    /// Bytes of a file; of a gate or a service, the description that its module wrote. Empty for all others.
    public var content: [UInt8]
    /// The object that a redirect gate leads to.
    public var target: ObjectID?
    /// The blobs that it names, in an order that its kind gives a meaning to.
    public var blobs: [NamedBlob]

    public init(
        head: ObjectHead, version: Int = 0, content: [UInt8] = [], target: ObjectID? = nil, blobs: [NamedBlob] = []
    ) {
        self.head = head
        self.version = version
        self.content = content
        self.target = target
        self.blobs = blobs
    }
}

/// Something that a directory holds under a name, or a faceted directory under the text of a label.
public struct ObjectEntry: Hashable, Sendable {
    public var name: String
    public var object: ObjectHead

    public init(name: String, object: ObjectHead) {
        self.name = name
        self.object = object
    }
}

/// A blob that an object names.
public struct NamedBlob: Hashable, Sendable {
    public var hash: BlobHash
    /// The canonical text of the label that the bytes have for those who ask for them by their hash.
    public var label: String
    /// In bytes; they count for the owner of the object.
    public var length: Int

    public init(hash: BlobHash, label: String, length: Int) {
        self.hash = hash
        self.label = label
        self.length = length
    }
}
