internal import Model
internal import Wasmtime

/// Copies of state in the guest's memory that it has pointers to. What it changes there becomes the state of others when it
/// flagged it as changed, at its next push, chained call or wait, and at its end.
final class StateViews {
    struct View {
        var address: UInt32
        var capacity: Int
        /// How long the value is at least when it is written back.
        var total: Int
        /// What was read, so that it is not read over what the guest changed.
        var loaded = RangeSet<Int>()
        var dirty = RangeSet<Int>()
    }

    var views: [String: View] = [:]
}

extension Session {
    /// The address of byte 0 of a value's copy, of which at least `range` is there.
    func viewState(
        _ key: String, total: Int, _ range: Range<Int>, _ arguments: borrowing HostArguments
    ) throws(HostTrap) -> UInt32 {
        let views = try program.orTrap().views
        let needed = max(total, range.upperBound)
        guard needed <= limits.memoryBytes else {
            throw HostTrap("a view of \(needed) bytes is larger than the sandbox's memory may be")
        }
        if views.views[key].map({ $0.capacity < needed }) ?? true {
            let old = views.views[key]
            var view = StateViews.View(
                address: try newPages(needed, arguments), capacity: max(1, (needed + 65_535) / 65_536) * 65_536,
                total: needed)
            if let old {
                // Changes that nobody else knows of yet go along.
                try copy(old.total, from: old.address, to: view.address)
                (view.loaded, view.dirty) = (old.loaded, old.dirty)
            }
            views.views[key] = view
        }
        var view = views.views[key]!
        view.total = max(view.total, needed)
        for part in RangeSet(range).subtracting(view.loaded).ranges {
            _ = try readState(key, part, to: view.address + UInt32(part.lowerBound))
        }
        view.loaded.insert(contentsOf: range)
        views.views[key] = view
        return view.address
    }

    /// Notes that the guest changed a range through a pointer; nothing where it has none.
    func flagDirty(_ key: String, _ range: Range<Int>) throws(HostTrap) {
        let views = try program.orTrap().views
        guard let view = views.views[key] else { return }
        views.views[key]!.dirty.insert(contentsOf: range.clamped(to: 0..<view.capacity))
        views.views[key]!.loaded.insert(contentsOf: range.clamped(to: 0..<view.capacity))
        views.views[key]!.total = max(view.total, min(range.upperBound, view.capacity))
    }

    /// Writes back what was changed through pointers to one value; where `mask` is there, only where its bytes are not zero.
    func flushView(_ key: String, mask: StateMask? = nil) throws(HostTrap) {
        let views = try program.orTrap().views
        guard let view = views.views[key], !view.dirty.isEmpty else { return }
        for range in view.dirty.ranges {
            var next = range.lowerBound
            while let part = try mask?.next(from: next, in: range, self)
                ?? (mask == nil ? next..<range.upperBound : nil)
            {
                try writeState(
                    key, total: view.total, at: part.lowerBound, view.address + UInt32(part.lowerBound), part.count)
                next = part.upperBound
                if next >= range.upperBound { break }
            }
        }
        views.views[key]!.dirty = RangeSet()
    }

    func flushViews() throws(HostTrap) {
        guard let program else { return }
        for key in program.views.views.keys.sorted() { try flushView(key) }
    }

    /// Has a copy be the newest value again. What was changed and not written back is lost.
    func refreshView(_ key: String) throws(HostTrap) {
        let views = try program.orTrap().views
        guard let view = views.views[key] else { return }
        for range in view.loaded.ranges {
            let address = view.address + UInt32(range.lowerBound)
            let count = try readState(key, range, to: address).count
            try clear(address + UInt32(count), range.count - count)
        }
        views.views[key]!.dirty = RangeSet()
    }

    /// Has a copy show what the guest has just written in another way.
    func updateView(_ key: String, at offset: Int, _ address: UInt32, _ length: UInt32) throws(HostTrap) {
        guard let view = try program.orTrap().views.views[key], offset < view.capacity else { return }
        try copy(min(Int(length), view.capacity - offset), from: address, to: view.address + UInt32(offset))
    }
}

/// The copy of a value that says by its bytes which of another's are meant.
struct StateMask {
    let address: UInt32
    let count: Int

    /// How many bytes are looked at together.
    private static let pieceBytes = 1 << 20

    /// The next run of bytes in `range` that are not zero, from `start` on; nil where there is none.
    func next(from start: Int, in range: Range<Int>, _ session: Session) throws(HostTrap) -> Range<Int>? {
        var found: Int?
        var position = start
        let end = min(range.upperBound, count)
        while position < end {
            let piece = try session.bytes(address + UInt32(position), UInt32(min(Self.pieceBytes, end - position)))
            for (index, byte) in piece.enumerated() {
                if byte != 0, found == nil { found = position + index }
                if byte == 0, let found { return found..<position + index }
            }
            position += piece.count
        }
        return found.map { $0..<end }
    }
}
