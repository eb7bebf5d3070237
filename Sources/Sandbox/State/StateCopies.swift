public import Kernel
internal import Synchronization

/// What a worker holds of the shared state: copies of values that the server lent. Each is good as long as the server has not
/// counted its generation up, which it does before anybody can see another value.
public final class StateCopies: Sendable {
    fileprivate struct Name: Hashable {
        var tenant: String
        var key: [UInt8]
    }

    fileprivate struct Entry {
        var copy: HeldCopy
        var lastUse: UInt64
    }

    fileprivate struct State {
        var generations: SharedCounters?
        var entries: [Name: Entry] = [:]
        var bytes = 0
        var uses: UInt64 = 0
    }

    /// What an entry counts for beside its bytes, so that there are never more than some thousands of short ones.
    fileprivate static let overheadBytes = 16 << 10

    private let maximumBytes: Int
    private let state = Mutex(State())

    public init(maximumBytes: Int = 192 << 20) { self.maximumBytes = maximumBytes }

    /// How many copies are held, and their bytes with what counts beside.
    var held: (count: Int, bytes: Int) { state.withLock { ($0.entries.count, $0.bytes) } }

    /// Takes what the generations of all keys are read from.
    public func setGenerations(_ file: Descriptor) {
        let generations = SharedCounters(reading: file)
        state.withLock { $0.generations = generations }
    }

    /// Takes a short value along.
    public func take(_ bytes: [UInt8], tenant: String, key: String, place: Int, generation: UInt64) {
        take(HeldCopy(place: place, generation: generation, bytes), Name(tenant: tenant, key: Array(key.utf8)))
    }

    /// Takes a value whose bytes are in a file that nobody changes.
    public func take(_ file: Descriptor, tenant: String, key: String, place: Int, generation: UInt64) {
        guard let copy = HeldCopy(place: place, generation: generation, file) else { return }
        // What long values held that are others by now is given back before there are more.
        state.withLock { state in
            if let generations = state.generations { state.dropStale(generations) }
        }
        take(copy, Name(tenant: tenant, key: Array(key.utf8)))
    }

    private func take(_ copy: HeldCopy, _ name: Name) {
        let cost = copy.count + Self.overheadBytes
        state.withLock { state in
            guard let generations = state.generations, copy.isGood(by: generations), cost <= maximumBytes else {
                return
            }
            state.remove(name)
            if state.bytes + cost > maximumBytes { state.makeRoom(cost, of: maximumBytes, generations) }
            state.uses += 1
            state.entries[name] = Entry(copy: copy, lastUse: state.uses)
            state.bytes += cost
        }
    }

    /// The value of a tenant's key as it is now; nil where there is no copy of it.
    func good(_ tenant: String, _ key: ArraySlice<UInt8>) -> HeldCopy? {
        let name = Name(tenant: tenant, key: Array(key))
        return state.withLock { state in
            guard let generations = state.generations, let entry = state.entries[name] else { return nil }
            guard entry.copy.isGood(by: generations) else {
                state.remove(name)
                return nil
            }
            state.uses += 1
            state.entries[name]?.lastUse = state.uses
            return entry.copy
        }
    }
}

extension StateCopies.State {
    fileprivate mutating func remove(_ name: StateCopies.Name) {
        guard let entry = entries.removeValue(forKey: name) else { return }
        bytes -= entry.copy.count + StateCopies.overheadBytes
    }

    fileprivate mutating func dropStale(_ generations: SharedCounters) {
        for (name, entry) in entries where !entry.copy.isGood(by: generations) { remove(name) }
    }

    /// Drops what is of no use, and then what was not used for the longest time: more than is needed, so that it is seldom done.
    fileprivate mutating func makeRoom(_ cost: Int, of maximum: Int, _ generations: SharedCounters) {
        dropStale(generations)
        guard bytes + cost > maximum else { return }
        let goal = min(maximum - cost, maximum / 4 * 3)
        for (name, _) in entries.sorted(by: { $0.value.lastUse < $1.value.lastUse }) where bytes > goal { remove(name) }
    }
}
