public import Model

/// Shared state: for each key a value of bytes and, apart from it, a log of entries. A key is there as long as it has either.
public protocol StateStore: Sendable {
    /// Makes all edits, or none, and returns when they are on disk: with the version that every edited key now has.
    /// `conflict` where an edit expects another version.
    func commit(_ edits: [StateEdit]) async throws -> Int64
    /// Nil where there is no such key.
    func state(_ key: StateKey) async throws -> StateSummary?
    /// At most `count` bytes of the value from `offset`; none where it does not reach so far.
    func stateBytes(_ key: StateKey, at offset: Int, count: Int) async throws -> [UInt8]
    /// The first entries of the log, at most `limit`.
    func stateEntries(_ key: StateKey, limit: Int) async throws -> [[UInt8]]
    /// Keys of a tenant in the order of their bytes; only those after this one.
    func stateKeys(of tenant: Namespace, after: StateKey?, limit: Int) async throws -> [StateListing]
    func stateUsage(of tenant: Namespace) async throws -> StateUsage
}

/// Values are stored in pieces of so many bytes: a change writes the pieces that it touches, and zeros that were never
/// written take no space. Ranges that begin and end at multiples are cheapest.
///
/// Of 64, 256 and 1024 KiB, this size costs least: small changes to push, and large values to read (benchmarks/StorageBench).
public enum StateChunk {
    public static let bytes = 256 << 10
}

/// A key as it is stored.
public struct StateSummary: Hashable, Sendable {
    /// Grows with every change of the store, also where a key is deleted and made again.
    public var version: Int64
    /// Bytes of the value; nil: there is only a log.
    public var size: Int?
    /// Entries in the log, and their bytes together.
    public var entries: Int
    public var entryBytes: Int

    public init(version: Int64, size: Int?, entries: Int, entryBytes: Int) {
        self.version = version
        self.size = size
        self.entries = entries
        self.entryBytes = entryBytes
    }
}

/// A key in a list.
public struct StateListing: Hashable, Sendable {
    public var key: StateKey
    public var summary: StateSummary

    public init(key: StateKey, summary: StateSummary) {
        self.key = key
        self.summary = summary
    }
}

/// What a tenant has stored.
public struct StateUsage: Hashable, Sendable {
    public var keys: Int
    /// By ``StateCost``.
    public var bytes: Int

    public init(keys: Int, bytes: Int) {
        self.keys = keys
        self.bytes = bytes
    }
}

/// What counts as used. The overheads keep a tenant from having endlessly many things without bytes.
public enum StateCost {
    public static let keyOverheadBytes = 64
    public static let entryOverheadBytes = 16

    /// Bytes that a key counts for.
    public static func of(_ key: StateKey, size: Int?, entries: Int, entryBytes: Int) -> Int {
        guard size != nil || entries > 0 else { return 0 }
        return keyOverheadBytes + key.name.utf8.count + (size ?? 0) + entryBytes + entries * entryOverheadBytes
    }
}

/// Changes of one key, made in order.
public struct StateEdit: Sendable {
    public enum Change: Sendable, Equatable {
        /// Cuts the value, or lets it grow by zeros; nil: there is no value any more.
        case resize(Int?)
        /// Puts bytes into the value, which grows to hold them; zeros fill a gap.
        case write([UInt8], at: Int)
        /// Cuts the log down to its first entries.
        case keepEntries(Int)
        case append([[UInt8]])
    }

    /// What the key must be like before the first change.
    public enum Expectation: Sendable, Equatable {
        case anything, absent
        case version(Int64)
    }

    public var key: StateKey
    public var expected: Expectation
    public var changes: [Change]

    public init(_ key: StateKey, expected: Expectation = .anything, _ changes: [Change]) {
        self.key = key
        self.expected = expected
        self.changes = changes
    }

    /// Replaces the whole value.
    public static func replace(_ key: StateKey, by bytes: [UInt8], expected: Expectation = .anything) -> Self {
        Self(key, expected: expected, [.resize(0), .write(bytes, at: 0)])
    }

    /// Deletes the value and the log.
    public static func delete(_ key: StateKey, expected: Expectation = .anything) -> Self {
        Self(key, expected: expected, [.resize(nil), .keepEntries(0)])
    }
}

extension StateEdit.Expectation {
    /// Whether a key is as expected that has this version, or is absent (nil).
    package func accepts(_ version: Int64?) -> Bool {
        switch self {
        case .anything: true
        case .absent: version == nil
        case .version(let expected): version == expected
        }
    }
}
