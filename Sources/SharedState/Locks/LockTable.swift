import Model

/// How a key is locked: by any number of readers, or by one writer.
public enum LockMode: String, Hashable, Sendable, CaseIterable {
    case read, write
}

/// Who has which locks, and who waits for them in which order. Each key has its own line: nobody passes another in it, so
/// neither readers nor writers starve.
///
/// A call that has a lock gets it once more at once, and a writer may read. A reader never becomes a writer: two that tried
/// would wait for each other.
struct LockTable {
    typealias Owner = UInt64
    typealias Ticket = UInt64

    enum Answer: Equatable {
        case granted, queued
        /// The owner reads, and must end that before it can write.
        case refusedUpgrade
        /// The owner has as many keys as it may.
        case refusedCount
    }

    struct Hold: Equatable {
        var reads = 0
        var writes = 0

        subscript(mode: LockMode) -> Int {
            get { mode == .read ? reads : writes }
            set { if mode == .read { reads = newValue } else { writes = newValue } }
        }
    }

    struct Waiter: Equatable {
        var ticket: Ticket
        var owner: Owner
        var mode: LockMode
    }

    struct KeyLock {
        var holders: [Owner: Hold] = [:]
        var line: [Waiter] = []

        /// Whether an owner can have the lock beside those that have it.
        func isFree(_ mode: LockMode, for owner: Owner) -> Bool {
            switch mode {
            case .read: holders.allSatisfy { $0.key == owner || $0.value.writes == 0 }
            case .write: holders.allSatisfy { $0.key == owner && $0.value.writes > 0 }
            }
        }
    }

    let maximumKeys: Int
    private(set) var locks: [StateKey: KeyLock] = [:]
    private var held: [Owner: Set<StateKey>] = [:]

    init(maximumKeys: Int) { self.maximumKeys = maximumKeys }

    mutating func request(_ key: StateKey, _ mode: LockMode, by owner: Owner, ticket: Ticket) -> Answer {
        let lock = locks[key] ?? KeyLock()
        if let hold = lock.holders[owner] {
            if mode == .write, hold.writes == 0 { return .refusedUpgrade }
            grant(key, mode, to: owner)
            return .granted
        }
        guard held[owner]?.count ?? 0 < maximumKeys else { return .refusedCount }
        guard lock.line.isEmpty, lock.isFree(mode, for: owner) else {
            locks[key, default: KeyLock()].line.append(Waiter(ticket: ticket, owner: owner, mode: mode))
            return .queued
        }
        grant(key, mode, to: owner)
        return .granted
    }

    /// Frees a lock once. Returns whose turn it is then; nil: the owner does not have it.
    mutating func release(_ key: StateKey, _ mode: LockMode, by owner: Owner) -> [Ticket]? {
        guard var hold = locks[key]?.holders[owner], hold[mode] > 0 else { return nil }
        hold[mode] -= 1
        if hold == Hold() { drop(owner, from: key) } else { locks[key]?.holders[owner] = hold }
        return serve(key)
    }

    /// Takes somebody out of the line. Returns whose turn it is then; nil: he does not wait there any more.
    mutating func cancel(_ ticket: Ticket, for key: StateKey) -> [Ticket]? {
        guard let place = locks[key]?.line.firstIndex(where: { $0.ticket == ticket }) else { return nil }
        locks[key]?.line.remove(at: place)
        return serve(key)
    }

    /// Frees all that an owner has. Returns whose turn it is then.
    mutating func releaseAll(of owner: Owner) -> [Ticket] {
        (held[owner] ?? []).sorted().flatMap { key in
            drop(owner, from: key)
            return serve(key)
        }
    }

    private mutating func drop(_ owner: Owner, from key: StateKey) {
        locks[key]?.holders[owner] = nil
        held[owner]?.remove(key)
        if held[owner]?.isEmpty == true { held[owner] = nil }
    }

    private mutating func grant(_ key: StateKey, _ mode: LockMode, to owner: Owner) {
        locks[key, default: KeyLock()].holders[owner, default: Hold()][mode] += 1
        held[owner, default: []].insert(key)
    }

    /// Grants to the first in the line as long as that can be done.
    private mutating func serve(_ key: StateKey) -> [Ticket] {
        var granted: [Ticket] = []
        while let first = locks[key]?.line.first, locks[key]?.isFree(first.mode, for: first.owner) == true {
            locks[key]?.line.removeFirst()
            grant(key, first.mode, to: first.owner)
            granted.append(first.ticket)
        }
        if let lock = locks[key], lock.holders.isEmpty, lock.line.isEmpty { locks[key] = nil }
        return granted
    }
}
