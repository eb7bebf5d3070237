import Model
import Storage

/// A range of a value at one moment: pieces that share the memory of the tier.
struct ValueView: Sendable {
    struct Piece: Sendable {
        /// Where it begins in the range.
        var offset: Int
        var bytes: ArraySlice<UInt8>
    }

    /// Of the whole value; nil: there is none.
    var size: Int?
    var count = 0
    var pieces: [Piece] = []

    /// The range as one copy; zeros where no piece is.
    func joined() -> [UInt8] {
        if let piece = pieces.first, piece.bytes.count == count { return Array(piece.bytes) }
        var result: [UInt8] = []
        result.reserveCapacity(count)
        for piece in pieces { result.put(piece.bytes, at: piece.offset) }
        result += [UInt8](repeating: 0, count: count - result.count)
        return result
    }
}

/// A log at one moment.
struct LogView: Sendable {
    /// How many entries are to be read from the store, and how often the log was cleared before.
    var storedCount: Int
    var clearCount: UInt64
    /// The entries that follow them.
    var pending: [[UInt8]]
}

extension LocalTier {
    mutating func size(_ key: StateKey) -> Step<Int?> {
        if let step: Step<Int?> = check(key) { return step }
        return .done(local(key).size)
    }

    /// At most `count` bytes from `offset`.
    mutating func read(_ key: StateKey, at offset: Int, count: Int) -> Step<ValueView> {
        if let step: Step<ValueView> = check(key) { return step }
        let local = local(key)
        guard let size = local.size, offset < size, count > 0 else { return .done(ValueView(size: local.size)) }
        let end = offset + min(count, size - offset)
        guard end - offset <= limits.maximumStateTransferBytes else { return .refused(tooLong(end - offset)) }
        let (first, last) = (offset / StateChunk.bytes, (end - 1) / StateChunk.bytes)
        if let need = need(local, first, last) { return .needs(need) }
        var view = ValueView(size: size, count: end - offset)
        for number in first...last {
            guard let block = local.blocks[number] else { continue }
            recency.touch(block.place)
            let start = number * StateChunk.bytes
            let (from, to) = (max(offset, start), min(end, start + block.bytes.count))
            guard from < to else { continue }
            view.pieces.append(.init(offset: from - offset, bytes: block.bytes[from - start..<to - start]))
        }
        return .done(view)
    }

    /// The first `limit` entries.
    mutating func log(_ key: StateKey, limit: Int) -> Step<LogView> {
        if let step: Step<LogView> = check(key) { return step }
        let local = local(key)
        let stored = min(limit, local.storedEntries)
        return .done(
            LogView(
                storedCount: stored, clearCount: local.clearCount, pending: Array(local.pending.prefix(limit - stored)))
        )
    }

    /// What stands before every request: nil where nothing does.
    mutating func check<Value>(_ key: StateKey) -> Step<Value>? {
        if isClosed { return .refused(.closed) }
        return local(key).isKnown ? nil : .needs(.key)
    }

    /// What must be read before the blocks of a range can be used.
    func need(_ local: LocalKey, _ first: Int, _ last: Int) -> Need? {
        local.missing(from: first, through: last).map { missing in
            .blocks(
                first: missing, count: min(last - missing + 1, Self.maximumLoadedBlocks), hideCount: local.hideCount)
        }
    }

    func tooLong(_ count: Int) -> StateError {
        .limit(
            "maximumStateTransferBytes", "The request moves", is: count, over: limits.maximumStateTransferBytes,
            "read and write by ranges")
    }
}
