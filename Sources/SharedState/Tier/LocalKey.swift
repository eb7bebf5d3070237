import Kernel
import Model
import Storage

/// A piece of a value in memory: `StateChunk.bytes` at most. Where it is shorter than its place, zeros follow.
struct LocalBlock {
    enum Freshness {
        /// As in the store.
        case clean
        /// On its way to the store.
        case pushing
        /// Newer than the store.
        case dirty
    }

    var bytes: [UInt8]
    var freshness: Freshness
    /// Its place in the order of use.
    let place: Int
}

/// The local copy of one key: the blocks of its value that are in memory, and its entries that are not stored yet.
///
/// Where there is no block, the first `storedExtent` bytes are as they are in the store, and zeros follow. Likewise the
/// first `storedEntries` of the log are in the store. So a value that was replaced hides the stored one at once.
final class LocalKey {
    /// What becomes of the copy when the push that is under way succeeds. Changes that come meanwhile take from it.
    struct Push {
        let lastChange: UInt64
        var extent: Int
        var entries: Int
        /// How many of `pending` are on their way.
        var pendingCount: Int
    }

    static let overheadBytes = 512

    let key: StateKey
    /// Its place in the order of use.
    var place = 0
    /// Whether it was looked up in the store.
    var isKnown = false
    /// Bytes of the value; nil: there is none.
    var size: Int?
    var storedExtent = 0
    var storedEntries = 0
    var pending: [[UInt8]] = []
    /// Bytes of all entries, stored and pending.
    var entryBytes = 0
    /// How often the value was replaced or deleted, and the log cleared: what was read before is of no use after.
    var hideCount: UInt64 = 0
    var clearCount: UInt64 = 0
    /// The number of the last change of this key, of all changes of the tier; and up to which they are durable.
    var lastChange: UInt64
    var durableChange: UInt64
    var push: Push?
    /// Its place among the dirty keys.
    var dirtyPlace: Int?
    /// Requests that read the store for this key: until they have ended, nothing of it may be dropped, or what they
    /// bring could be older than what was.
    var pins = 0
    /// Who waits for the end of the push.
    var waiting: [CheckedContinuation<Void, Never>] = []
    /// What is lent to workers of the value as it is.
    var lending = Lending()

    private(set) var blocks: [Int: LocalBlock] = [:]
    /// Bytes in memory, and those of them that are newer than the store.
    private(set) var residentBytes: Int
    private(set) var dirtyBytes = 0

    init(_ key: StateKey, lastChange: UInt64) {
        self.key = key
        self.lastChange = lastChange
        durableChange = lastChange
        residentBytes = Self.overheadBytes + key.name.utf8.count
    }

    var entryCount: Int { storedEntries + pending.count }
    var exists: Bool { size != nil || entryCount > 0 }
    var cost: Int { StateCost.of(key, size: size, entries: entryCount, entryBytes: entryBytes) }
    var isDirty: Bool { lastChange > durableChange }
    /// What is newer than the store, for the bound on that.
    var unpushedBytes: Int { dirtyPlace == nil ? 0 : dirtyBytes + Self.overheadBytes }
    var isDroppable: Bool { isKnown && blocks.isEmpty && !isDirty && push == nil && pins == 0 }

    /// The first of the blocks from `first` to `last` that must be read from the store.
    func missing(from first: Int, through last: Int) -> Int? {
        let end = min(last, (storedExtent - 1) / StateChunk.bytes)
        guard storedExtent > 0, first <= end else { return nil }
        return (first...end).first { blocks[$0] == nil }
    }

    func insert(_ bytes: [UInt8], _ freshness: LocalBlock.Freshness, at number: Int, place: Int) {
        count(bytes.count, freshness, 1)
        blocks[number] = LocalBlock(bytes: bytes, freshness: freshness, place: place)
    }

    /// Puts bytes into a block that is there, which grows to hold them.
    func write(_ bytes: ArraySlice<UInt8>, into number: Int, at offset: Int) {
        guard let old = blocks[number].map({ ($0.bytes.count, $0.freshness) }) else { return }
        count(old.0, old.1, -1)
        blocks[number]?.freshness = .dirty
        blocks[number]?.bytes.put(bytes, at: offset)
        count(max(old.0, offset + bytes.count), .dirty, 1)
    }

    func setFreshness(_ freshness: LocalBlock.Freshness, of number: Int) {
        guard let block = blocks[number] else { return }
        count(block.bytes.count, block.freshness, -1)
        count(block.bytes.count, freshness, 1)
        blocks[number]?.freshness = freshness
    }

    @discardableResult
    func removeBlock(_ number: Int) -> LocalBlock? {
        guard let block = blocks.removeValue(forKey: number) else { return nil }
        count(block.bytes.count, block.freshness, -1)
        return block
    }

    func addPending(_ entry: [UInt8]) {
        pending.append(entry)
        entryBytes += entry.count
        count(entry.count + StateCost.entryOverheadBytes, .dirty, 1)
    }

    /// Takes the first pending entries out; they are stored, or not wanted any more.
    func removePending(_ number: Int) {
        for entry in pending.prefix(number) { count(entry.count + StateCost.entryOverheadBytes, .dirty, -1) }
        pending.removeFirst(number)
    }

    private func count(_ bytes: Int, _ freshness: LocalBlock.Freshness, _ sign: Int) {
        residentBytes += sign * bytes
        if freshness != .clean { dirtyBytes += sign * bytes }
    }
}

extension [UInt8] {
    /// Overwrites bytes from `offset`; zeros fill a gap before it.
    mutating func put(_ bytes: ArraySlice<UInt8>, at offset: Int) {
        if count < offset { self += [UInt8](repeating: 0, count: offset - count) }
        let overlap = Swift.min(bytes.count, count - offset)
        withUnsafeMutableBytes { target in
            bytes.withUnsafeBytes { source in
                target[offset..<offset + overlap].copyBytes(from: source[..<overlap])
            }
        }
        append(contentsOf: bytes.dropFirst(overlap))
    }
}
