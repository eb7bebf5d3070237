public import Model
import Synchronization

/// A key of the store in memory.
struct StoredState: Sendable {
    var version: Int64 = 0
    var value: [UInt8]?
    var entries: [[UInt8]] = []

    var summary: StateSummary {
        StateSummary(
            version: version, size: value?.count, entries: entries.count,
            entryBytes: entries.reduce(0) { $0 + $1.count })
    }

    mutating func make(_ change: StateEdit.Change) {
        switch change {
        case .resize(nil): value = nil
        case .resize(let size?): value = (value ?? []).resized(to: size)
        case .write(let bytes, let offset):
            var grown = (value ?? []).resized(to: max(value?.count ?? 0, offset + bytes.count))
            grown.replaceSubrange(offset..<offset + bytes.count, with: bytes)
            value = grown
        case .keepEntries(let count): entries = Array(entries.prefix(count))
        case .append(let new): entries += new
        }
    }
}

extension [UInt8] {
    fileprivate func resized(to size: Int) -> Self {
        size <= count ? Array(prefix(size)) : self + Array(repeating: 0, count: size - count)
    }
}

extension MemoryStore: StateStore {
    public func commit(_ edits: [StateEdit]) async throws(StorageError) -> Int64 {
        try state.withLock { state throws(StorageError) in
            var changed = state.shared
            for edit in edits {
                let stored = changed[edit.key]
                guard edit.expected.accepts(stored?.version) else { throw .stateConflict(edit.key) }
                var new = stored ?? StoredState()
                for change in edit.changes { new.make(change) }
                new.version = state.stateVersion + 1
                changed[edit.key] = new.value == nil && new.entries.isEmpty ? nil : new
            }
            state.shared = changed
            state.stateVersion += 1
            return state.stateVersion
        }
    }

    public func state(_ key: StateKey) async throws(StorageError) -> StateSummary? {
        state.withLock { $0.shared[key]?.summary }
    }

    public func stateBytes(_ key: StateKey, at offset: Int, count: Int) async throws(StorageError) -> [UInt8] {
        state.withLock { state in
            guard let value = state.shared[key]?.value, offset < value.count else { return [] }
            return Array(value[offset..<min(value.count, offset + count)])
        }
    }

    public func stateEntries(_ key: StateKey, limit: Int) async throws(StorageError) -> [[UInt8]] {
        state.withLock { Array(($0.shared[key]?.entries ?? []).prefix(limit)) }
    }

    public func stateKeys(
        of tenant: Namespace, after: StateKey?, limit: Int
    ) async throws(StorageError) -> [StateListing] {
        state.withLock { state in
            let keys = state.shared.keys.filter { key in key.tenant == tenant && after.map { $0 < key } ?? true }
            return keys.sorted().prefix(max(0, limit)).map { key in
                StateListing(key: key, summary: state.shared[key]?.summary ?? StoredState().summary)
            }
        }
    }

    public func stateUsage(of tenant: Namespace) async throws(StorageError) -> StateUsage {
        state.withLock { state in
            let summaries = state.shared.filter { $0.key.tenant == tenant }.mapValues(\.summary)
            let bytes = summaries.reduce(0) { sum, entry in
                sum
                    + StateCost.of(
                        entry.key, size: entry.value.size, entries: entry.value.entries,
                        entryBytes: entry.value.entryBytes)
            }
            return StateUsage(keys: summaries.count, bytes: bytes)
        }
    }
}
