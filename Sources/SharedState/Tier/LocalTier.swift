import Kernel
import Model
import Storage

/// What the tier can do with a request as things are.
enum Step<Value> {
    case done(Value)
    case refused(StateError)
    /// Not before this was done; then ask again.
    case needs(Need)
}

/// What must be done outside before a request can be answered.
enum Need {
    /// The key is to be looked up in the store.
    case key
    /// So many blocks from this one on are to be read from the store, of the value that was hidden so often.
    case blocks(first: Int, count: Int, hideCount: UInt64)
    /// What the tenant has stored is to be counted.
    case usage
    /// Changes of at least so many bytes are to be pushed.
    case room(bytes: Int)
}

/// The copies of keys in memory: what they hold, what is newer than the store, and what may be dropped. Does no I/O and never
/// waits: it is used under a lock, so each request is one step of every key.
struct LocalTier {
    /// Something that can be dropped: a block, or (nil) a key without blocks.
    struct Part {
        let key: LocalKey
        let block: Int?
    }

    /// Blocks that are read from the store at one time.
    static let maximumLoadedBlocks = 16
    /// Parts that are looked at to make space for one request.
    private static let maximumTrimmedParts = 256

    let limits: StateLimits
    var isClosed = false
    private(set) var keys: [StateKey: LocalKey] = [:]
    var recency = RecencyList<Part>()
    var dirtyKeys = RecencyList<LocalKey>()
    /// What tenants use, unpushed changes included. A tenant is counted before its first change.
    var usage: [Namespace: Int] = [:]
    var changeCount: UInt64 = 0
    private(set) var residentBytes = 0
    private(set) var dirtyBytes = 0
    /// Counts changes of keys where workers see it; nil: nothing is lent to them.
    let generations: SharedCounters?
    /// The keys with a file of their value, and the bytes of these files.
    var filedKeys = RecencyList<LocalKey>()
    var filedBytes = 0
    /// What is newer than the store, with the keys themselves.
    var unpushedBytes: Int { dirtyBytes + dirtyKeys.count * LocalKey.overheadBytes }

    init(limits: StateLimits, generations: SharedCounters? = nil) {
        self.limits = limits
        self.generations = generations
    }

    /// The copy of a key, made where there is none.
    mutating func local(_ key: StateKey) -> LocalKey {
        if let local = keys[key] {
            recency.touch(local.place)
            return local
        }
        // A copy that was dropped was durable: who waits for one of its changes is content with the next copy.
        let local = LocalKey(key, lastChange: changeCount)
        local.place = recency.insert(Part(key: local, block: nil))
        keys[key] = local
        residentBytes += local.residentBytes
        return local
    }

    func existing(_ key: StateKey) -> LocalKey? { keys[key] }

    /// Makes a change of a copy, and keeps the books.
    mutating func account<Value>(_ local: LocalKey, _ change: (inout Self, LocalKey) -> Value) -> Value {
        let before = (local.residentBytes, local.dirtyBytes)
        defer {
            residentBytes += local.residentBytes - before.0
            dirtyBytes += local.dirtyBytes - before.1
        }
        return change(&self, local)
    }

    // MARK: What comes from the store

    mutating func pin(_ key: StateKey) { local(key).pins += 1 }

    mutating func unpin(_ key: StateKey) { keys[key]?.pins -= 1 }

    /// Takes what the store said of a key, unless somebody was quicker.
    mutating func learn(_ key: StateKey, _ summary: StateSummary?) {
        let local = local(key)
        guard !local.isKnown else { return }
        local.isKnown = true
        local.size = summary?.size
        local.storedExtent = summary?.size ?? 0
        local.storedEntries = summary?.entries ?? 0
        local.entryBytes = summary?.entryBytes ?? 0
    }

    /// Takes blocks as the store has them, but for those that are there by now or are not to be seen any more.
    mutating func learn(_ key: StateKey, firstBlock: Int, hideCount: UInt64, _ bytes: [UInt8]) {
        account(local(key)) { tier, local in
            guard local.hideCount == hideCount else { return }
            for start in stride(from: 0, to: bytes.count, by: StateChunk.bytes) {
                let number = firstBlock + start / StateChunk.bytes
                guard local.blocks[number] == nil else { continue }
                let end = min(start + StateChunk.bytes, bytes.count)
                let place = tier.recency.insert(Part(key: local, block: number))
                local.insert(Array(bytes[start..<end]), .clean, at: number, place: place)
            }
        }
    }

    mutating func learn(usage bytes: Int, of tenant: Namespace) {
        if usage[tenant] == nil { usage[tenant] = bytes }
    }

    // MARK: What goes

    /// Drops what was not used for the longest time, as long as there is too much. What is newer than the store stays.
    mutating func trim() { trim(to: limits.maximumStateCacheBytes) }

    mutating func trim(to maximumBytes: Int) {
        var looks = 0
        while residentBytes > maximumBytes, looks < Self.maximumTrimmedParts,
            let part = recency.oldest
        {
            looks += 1
            let local = part.key
            if let number = part.block {
                guard let block = local.blocks[number] else { break }
                if block.freshness == .clean, local.pins == 0 {
                    drop(number, of: local)
                } else {
                    recency.touch(block.place)
                }
            } else if local.isDroppable {
                dropFile(of: local)
                keys[local.key] = nil
                recency.remove(local.place)
                residentBytes -= local.residentBytes
            } else {
                recency.touch(local.place)
            }
        }
    }

    mutating func drop(_ number: Int, of local: LocalKey) {
        account(local) { tier, local in
            if let block = local.removeBlock(number) { tier.recency.remove(block.place) }
        }
    }
}
