public import Model
import Synchronization

/// Which blobs somebody holds, so that a collection leaves them alone.
final class BlobPins: Sendable {
    private struct State {
        var counts: [BlobHash: Int] = [:]
        /// While a collection runs: what was held when it began, or was since.
        var touched: Set<BlobHash>?
    }

    private let state = Mutex(State())

    func pin(_ hash: BlobHash) -> BlobPin {
        state.withLock { state in
            state.counts[hash, default: 0] += 1
            state.touched?.insert(hash)
        }
        return BlobPin(hash, self)
    }

    fileprivate func unpin(_ hash: BlobHash) {
        state.withLock { state in
            let count = (state.counts[hash] ?? 1) - 1
            state.counts[hash] = count == 0 ? nil : count
        }
    }

    /// False: another collection is running.
    func beginCollection() -> Bool {
        state.withLock { state in
            guard state.touched == nil else { return false }
            state.touched = Set(state.counts.keys)
            return true
        }
    }

    func endCollection() { state.withLock { $0.touched = nil } }

    /// Runs `remove` unless the blob was held at any time of this collection; nobody can take hold meanwhile.
    func removeUnlessTouched(_ hash: BlobHash, _ remove: () -> Bool) -> Bool {
        state.withLock { state in state.touched?.contains(hash) == false && remove() }
    }
}

/// Keeps a blob from being collected for as long as it exists.
public final class BlobPin: Sendable {
    public let hash: BlobHash
    private let pins: BlobPins

    fileprivate init(_ hash: BlobHash, _ pins: BlobPins) {
        self.hash = hash
        self.pins = pins
    }

    deinit { pins.unpin(hash) }
}
