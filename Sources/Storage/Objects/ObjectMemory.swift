import Model

/// What is remembered of an object store: facts that are true of it now.
///
/// A change takes the facts that it touches away before it begins, and none of them is noted again before it has ended. So
/// what is recalled is what the store holds at that moment, and all that is recalled at one time is one snapshot.
struct ObjectMemory: Sendable {
    /// What a fact is about.
    enum Key: Hashable, Sendable {
        case head(ObjectID)
        case object(ObjectID)
        /// All names of a directory.
        case names(ObjectID)
        /// One name, by its bytes. That a name is free is not remembered.
        case name([UInt8], in: ObjectID)
    }

    enum Fact: Sendable {
        case head(ObjectHead)
        case object(StoredObject)
        case names([ObjectEntry])
    }

    /// A change that is under way. Without keys it touches everything.
    struct Change: Sendable {
        let keys: [Key]?
        fileprivate let began: UInt64
    }

    private var facts: RecentFacts
    /// How many changes are under way that touch a key, and how many that touch everything.
    private var changing: [Key: Int] = [:]
    private var changingAll = 0
    /// The number of changes that have ended: what a reader compares its beginning with.
    private(set) var now: UInt64 = 0
    /// When the last change ended that touched a key of this remainder, and that touched everything.
    private var ended = [UInt64](repeating: 0, count: 1024)
    private var endedAll: UInt64 = 0

    /// Remembers some `maximumBytes` at most.
    init(maximumBytes: Int) { facts = RecentFacts(maximumBytes: maximumBytes) }

    mutating func recall(_ key: Key) -> Fact? { facts.recall(key) }

    /// Notes what was read from the store, where nothing has changed it since `beginning`, which was `now` before that.
    mutating func note(_ key: Key, _ fact: Fact, readFrom beginning: UInt64) {
        guard changingAll == 0, changing[key] == nil, endedAll <= beginning, ended[place(key)] <= beginning else {
            return
        }
        facts.keep(key, fact)
    }

    mutating func begin(_ keys: [Key]?) -> Change {
        if let keys {
            for key in keys {
                facts.forget(key)
                changing[key, default: 0] += 1
            }
        } else {
            facts.forgetAll()
            changingAll += 1
        }
        return Change(keys: keys, began: now)
    }

    /// Ends a change, which has made `learnt` true where no other one touched that meanwhile.
    mutating func end(_ change: Change, learnt: [(Key, Fact)] = []) {
        for key in change.keys ?? [] { changing[key] = changing[key] == 1 ? nil : (changing[key] ?? 1) - 1 }
        if change.keys == nil { changingAll -= 1 }
        for (key, fact) in learnt { note(key, fact, readFrom: change.began) }
        now += 1
        if let keys = change.keys { for key in keys { ended[place(key)] = now } } else { endedAll = now }
    }

    private func place(_ key: Key) -> Int { Int(truncatingIfNeeded: key.hashValue) & (ended.count - 1) }
}

/// What was of use of late: two generations, of which the older is let go when the younger is full.
private struct RecentFacts: Sendable {
    private let maximumBytes: Int
    private var young: [ObjectMemory.Key: ObjectMemory.Fact] = [:]
    private var old: [ObjectMemory.Key: ObjectMemory.Fact] = [:]
    private var youngBytes = 0

    init(maximumBytes: Int) { self.maximumBytes = maximumBytes }

    mutating func recall(_ key: ObjectMemory.Key) -> ObjectMemory.Fact? {
        if let fact = young[key] { return fact }
        guard let fact = old.removeValue(forKey: key) else { return nil }
        keep(key, fact)
        return fact
    }

    /// What is large is not kept: it would drive too much else out.
    mutating func keep(_ key: ObjectMemory.Key, _ fact: ObjectMemory.Fact) {
        let bytes = fact.bytes
        guard bytes <= maximumBytes / 64 else { return forget(key) }
        if youngBytes + bytes > maximumBytes / 2 {
            (old, young, youngBytes) = (young, [:], 0)
        }
        young[key] = fact
        youngBytes += bytes
    }

    mutating func forget(_ key: ObjectMemory.Key) {
        young[key] = nil
        old[key] = nil
    }

    mutating func forgetAll() { (young, old, youngBytes) = ([:], [:], 0) }
}

extension ObjectMemory.Fact {
    /// About what it takes, with its key.
    fileprivate var bytes: Int {
        switch self {
        case .head: 512
        case .object(let object): 512 + object.content.count + 256 * object.blobs.count
        case .names(let names): 256 + 384 * names.count
        }
    }
}
