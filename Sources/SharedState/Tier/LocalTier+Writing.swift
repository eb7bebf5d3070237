import Model
import Storage

extension LocalTier {
    /// Replaces the whole value.
    mutating func replace(_ key: StateKey, by bytes: ArraySlice<UInt8>) -> Step<Void> {
        if let step: Step<Void> = check(key) { return step }
        let local = local(key)
        if let step: Step<Void> = allow(local, size: bytes.count, moving: bytes.count) { return step }
        change(local) { tier, local in tier.setValue(of: local, to: bytes) }
        return .done(())
    }

    /// Puts bytes into the value, which grows to hold them, and to `total` where that is no more than a value may have.
    mutating func write(_ key: StateKey, total: Int, at offset: Int, _ bytes: ArraySlice<UInt8>) -> Step<Void> {
        if let step: Step<Void> = check(key) { return step }
        let local = local(key)
        let (end, isTooFar) = offset.addingReportingOverflow(bytes.count)
        guard !isTooFar, end <= limits.maximumStateValueBytes else {
            return .refused(tooLarge(isTooFar ? .max : end))
        }
        // A total is a hint: a wrong one is no error.
        let hint = total <= limits.maximumStateValueBytes ? total : 0
        let size = max(local.size ?? 0, hint, end)
        if let step: Step<Void> = allow(local, size: size, moving: bytes.count) { return step }
        let pieces = Self.pieces(of: bytes, at: offset)
        for piece in pieces {
            let start = piece.block * StateChunk.bytes
            let isWhole =
                piece.offset == 0 && start + piece.bytes.count >= min(start + StateChunk.bytes, local.storedExtent)
            if !isWhole, let need = need(local, piece.block, piece.block) { return .needs(need) }
        }
        change(local) { tier, local in
            for piece in pieces { tier.put(piece, into: local) }
            local.size = size
        }
        return .done(())
    }

    /// Adds an entry to the log.
    mutating func append(_ key: StateKey, _ entry: [UInt8]) -> Step<Void> {
        if let step: Step<Void> = check(key) { return step }
        let local = local(key)
        let total = local.entryBytes + entry.count
        guard total <= limits.maximumStateValueBytes else { return .refused(tooLarge(total)) }
        if let step: Step<Void> = allow(
            local, size: local.size, adding: entry.count + StateCost.entryOverheadBytes, moving: entry.count)
        {
            return step
        }
        change(local) { _, local in local.addPending(entry) }
        return .done(())
    }

    /// Empties the log.
    mutating func clearLog(_ key: StateKey) -> Step<Void> {
        if let step: Step<Void> = check(key) ?? checkUsage(key) { return step }
        let local = local(key)
        if local.entryCount > 0 { change(local) { tier, local in tier.clearLog(of: local) } }
        return .done(())
    }

    /// Takes value and log away; tells whether there was one.
    mutating func delete(_ key: StateKey) -> Step<Bool> {
        if let step: Step<Bool> = check(key) ?? checkUsage(key) { return step }
        let local = local(key)
        guard local.exists else { return .done(false) }
        change(local) { tier, local in
            tier.hideValue(of: local)
            local.size = nil
            tier.clearLog(of: local)
        }
        return .done(true)
    }

    /// Replaces the value where it is what is expected; nil: where there is none.
    mutating func compareAndSet(
        _ key: StateKey, _ expected: ArraySlice<UInt8>?, _ bytes: ArraySlice<UInt8>
    ) -> Step<Bool> {
        if let step: Step<Bool> = check(key) { return step }
        let local = local(key)
        guard local.size == expected?.count else { return .done(false) }
        if let step: Step<Bool> = allow(local, size: bytes.count, moving: bytes.count) { return step }
        if let expected, !expected.isEmpty {
            switch read(key, at: 0, count: expected.count) {
            case .done(let view): guard view.joined()[...] == expected else { return .done(false) }
            case .needs(let need): return .needs(need)
            case .refused(let error): return .refused(error)
            }
        }
        change(local) { tier, local in tier.setValue(of: local, to: bytes) }
        return .done(true)
    }

    // MARK: Changes

    private struct Piece {
        var block: Int
        var offset: Int
        var bytes: ArraySlice<UInt8>
    }

    /// Cuts bytes where blocks end.
    private static func pieces(of bytes: ArraySlice<UInt8>, at offset: Int) -> [Piece] {
        var pieces: [Piece] = []
        var position = offset
        var rest = bytes
        while !rest.isEmpty {
            let (block, start) = position.quotientAndRemainder(dividingBy: StateChunk.bytes)
            let piece = rest.prefix(StateChunk.bytes - start)
            pieces.append(Piece(block: block, offset: start, bytes: piece))
            position += piece.count
            rest = rest.dropFirst(piece.count)
        }
        return pieces
    }

    private mutating func setValue(of local: LocalKey, to bytes: ArraySlice<UInt8>) {
        hideValue(of: local)
        for piece in Self.pieces(of: bytes, at: 0) { put(piece, into: local) }
        local.size = bytes.count
    }

    private mutating func put(_ piece: Piece, into local: LocalKey) {
        if let block = local.blocks[piece.block] {
            recency.touch(block.place)
            local.write(piece.bytes, into: piece.block, at: piece.offset)
        } else {
            var bytes: [UInt8] = []
            bytes.put(piece.bytes, at: piece.offset)
            let place = recency.insert(Part(key: local, block: piece.block))
            local.insert(bytes, .dirty, at: piece.block, place: place)
        }
    }

    /// Nothing of the value shines through from here on, neither from memory nor from the store.
    private mutating func hideValue(of local: LocalKey) {
        for number in Array(local.blocks.keys) {
            if let block = local.removeBlock(number) { recency.remove(block.place) }
        }
        local.storedExtent = 0
        local.hideCount += 1
        local.push?.extent = 0
    }

    private mutating func clearLog(of local: LocalKey) {
        local.removePending(local.pending.count)
        local.storedEntries = 0
        local.entryBytes = 0
        local.clearCount += 1
        local.push?.entries = 0
        local.push?.pendingCount = 0
    }

    /// Makes a change that was found possible.
    private mutating func change(_ local: LocalKey, _ body: (inout Self, LocalKey) -> Void) {
        let cost = local.cost
        account(local, body)
        endLoans(of: local)
        usage[local.key.tenant, default: 0] += local.cost - cost
        changeCount += 1
        local.lastChange = changeCount
        if local.dirtyPlace == nil { local.dirtyPlace = dirtyKeys.insert(local) }
    }

    // MARK: Limits

    /// Nil where a value may get this size and a log may grow by so much, and there is room for what is moved.
    private func allow<Value>(_ local: LocalKey, size: Int?, adding: Int = 0, moving: Int) -> Step<Value>? {
        guard moving <= limits.maximumStateTransferBytes else { return .refused(tooLong(moving)) }
        guard size ?? 0 <= limits.maximumStateValueBytes else { return .refused(tooLarge(size ?? 0)) }
        guard let used = usage[local.key.tenant] else { return .needs(.usage) }
        let cost =
            StateCost.of(local.key, size: size ?? 0, entries: local.entryCount, entryBytes: local.entryBytes) + adding
        let total = used - local.cost + cost
        guard cost <= local.cost || total <= limits.maximumStateTenantBytes else {
            return .refused(
                .limit(
                    "maximumStateTenantBytes", "The tenant would have", is: total, over: limits.maximumStateTenantBytes,
                    "delete keys that are not needed"))
        }
        return needRoom(moving).map { .needs($0) }
    }

    /// What stands before taking something away.
    private func checkUsage<Value>(_ key: StateKey) -> Step<Value>? {
        usage[key.tenant] == nil ? .needs(.usage) : needRoom(0).map { .needs($0) }
    }

    /// Keeps what is newer than the store below its bound, which one large value at a time may pass.
    private func needRoom(_ moving: Int) -> Need? {
        let maximum = limits.maximumDirtyBytes
        let excess = unpushedBytes + min(moving, maximum / 2) - maximum
        return excess > 0 ? .room(bytes: excess) : nil
    }

    private func tooLarge(_ count: Int) -> StateError {
        .limit(
            "maximumStateValueBytes", "The value would have", is: count, over: limits.maximumStateValueBytes,
            "spread it over several keys")
    }
}
