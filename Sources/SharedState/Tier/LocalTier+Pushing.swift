import Model
import Storage

/// What to do next for a push.
enum PushStep: Sendable {
    case over
    /// Commit these edits, then say how it went.
    case commit([StateEdit])
    /// Wait for the push of this key that is under way.
    case wait(StateKey)
}

extension LocalTier {
    /// The last changes of keys as they are now: what a push must make durable.
    func goals(_ wanted: [StateKey]) -> [StateKey: UInt64] {
        var goals: [StateKey: UInt64] = [:]
        for key in wanted { if let local = existing(key), local.isDirty { goals[key] = local.lastChange } }
        return goals
    }

    /// All keys with changes that are not durable.
    var dirty: [StateKey] { dirtyKeys.oldest { _ in true }.map(\.key) }

    /// The keys that changed first, with at least so many bytes together.
    func oldestDirty(bytes: Int) -> [StateKey] {
        var sum = 0
        return dirtyKeys.oldest { local in
            defer { sum += local.unpushedBytes }
            return sum < bytes
        }.map(\.key)
    }

    /// Begins to push the keys that have not reached their goals; takes those out that have.
    mutating func beginPush(_ goals: inout [StateKey: UInt64]) -> PushStep {
        goals = goals.filter { key, goal in existing(key).map { $0.durableChange < goal } ?? false }
        guard !goals.isEmpty else { return .over }
        let idle = goals.keys.compactMap { existing($0) }.filter { $0.push == nil }
        guard !idle.isEmpty else { return goals.keys.first.map { .wait($0) } ?? .over }
        return .commit(idle.map { local in account(local) { _, local in Self.beginPush(local) } })
    }

    private static func beginPush(_ local: LocalKey) -> StateEdit {
        local.push = LocalKey.Push(
            lastChange: local.lastChange, extent: local.size ?? 0, entries: local.entryCount,
            pendingCount: local.pending.count)
        let dirty = local.blocks.filter { $0.value.freshness != .clean }.sorted { $0.key < $1.key }
        for (number, _) in dirty { local.setFreshness(.pushing, of: number) }
        // The edit says what the key is to be like, whatever was stored: it may be made again after a failure that left
        // open whether it was made.
        var changes: [StateEdit.Change] = [.resize(local.size.map { min($0, local.storedExtent) })]
        if let size = local.size {
            changes += dirty.map { .write($0.value.bytes, at: $0.key * StateChunk.bytes) }
            changes.append(.resize(size))
        }
        changes.append(.keepEntries(local.storedEntries))
        if !local.pending.isEmpty { changes.append(.append(local.pending)) }
        return StateEdit(local.key, changes)
    }

    /// Notes how the push of a key went. Returns who waited for it.
    mutating func endPush(_ key: StateKey, succeeded: Bool) -> [CheckedContinuation<Void, Never>] {
        guard let local = existing(key), let push = local.push else { return [] }
        account(local) { _, local in
            for (number, block) in local.blocks where block.freshness == .pushing {
                local.setFreshness(succeeded ? .clean : .dirty, of: number)
            }
            guard succeeded else { return }
            local.storedExtent = push.extent
            local.storedEntries = push.entries
            local.removePending(push.pendingCount)
            local.durableChange = push.lastChange
        }
        local.push = nil
        if !local.isDirty, let place = local.dirtyPlace {
            dirtyKeys.remove(place)
            local.dirtyPlace = nil
        }
        defer { local.waiting = [] }
        return local.waiting
    }
}
