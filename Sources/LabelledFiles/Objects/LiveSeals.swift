import Labels
import Model
import Synchronization

/// The labels of blobs that running functions sealed and that need no name yet to be opened by their hash.
final class LiveSeals: Sendable {
    private let labels = Mutex<[BlobHash: [Label: Int]]>([:])

    func labels(of hash: BlobHash) -> [Label] { labels.withLock { $0[hash].map { Array($0.keys) } ?? [] } }

    func note(_ hash: BlobHash, _ label: Label) -> LiveSeal {
        labels.withLock { $0[hash, default: [:]][label, default: 0] += 1 }
        return LiveSeal(hash, label, self)
    }

    fileprivate func forget(_ hash: BlobHash, _ label: Label) {
        labels.withLock { labels in
            let count = (labels[hash]?[label] ?? 1) - 1
            labels[hash]?[label] = count == 0 ? nil : count
            if labels[hash]?.isEmpty == true { labels[hash] = nil }
        }
    }
}

/// Lets a blob be opened by its hash for as long as it exists.
final class LiveSeal: Sendable {
    private let hash: BlobHash
    private let label: Label
    private let seals: LiveSeals

    fileprivate init(_ hash: BlobHash, _ label: Label, _ seals: LiveSeals) {
        self.hash = hash
        self.label = label
        self.seals = seals
    }

    deinit { seals.forget(hash, label) }
}
