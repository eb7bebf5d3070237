import Kernel
import Model
import Storage

/// What is lent to workers of a key's value, until it changes.
struct Lending {
    /// The value, where it is long: memory of so many bytes, and its place among all such.
    struct File {
        var content: Descriptor
        var bytes: Int
        var place: Int
    }

    var file: File?
    /// Whether the file is being made.
    var isBeingMade = false
    /// What was read by calls since the last change.
    var readBytes = 0
}

/// What a worker can be lent as things are.
enum Loan: Sendable {
    case content(StateCopy.Content, place: Int, generation: UInt64)
    /// A file of the value as it is after the change of this number.
    case fileIsMissing(size: Int, lastChange: UInt64)
}

/// Workers answer reads from copies of their own. Every change counts the generation of its key up in the same step, so what was
/// lent before is good for nothing from the moment on at which others can see the change. Keys share generations, which costs
/// who reads the one a request when the other changes.
extension LocalTier {
    /// A value as short as this is sent along; a longer one lies in memory that all workers map.
    static let sentBytes = 16 << 10
    /// A value is lent when one part in so many of it was read: copying all of it costs as much as asking for a quarter of it,
    /// and who has read so much mostly reads on.
    private static let worth = 16
    private static let maximumFiles = 64

    /// What the worker of a call that has just read so many bytes of a value may be lent; nil: nothing yet.
    mutating func lend(_ key: StateKey, read count: Int) -> Loan? {
        guard let generations, let local = existing(key), local.isKnown, !isClosed else { return nil }
        let (size, place) = (local.size ?? 0, Self.generationPlace(of: key))
        local.lending.readBytes += min(count, size)
        guard local.lending.readBytes * Self.worth >= size, size <= limits.maximumStateLentBytes else { return nil }
        if size <= Self.sentBytes {
            guard case .done(let view) = read(key, at: 0, count: size) else { return nil }
            return .content(.bytes(view.joined()), place: place, generation: generations[place])
        }
        if let file = local.lending.file {
            filedKeys.touch(file.place)
            return .content(.file(file.content), place: place, generation: generations[place])
        }
        guard !local.lending.isBeingMade else { return nil }
        local.lending.isBeingMade = true
        return .fileIsMissing(size: size, lastChange: local.lastChange)
    }

    /// Takes the file that was made of a value, nil where that failed, unless the value is another by now.
    /// Returns it as something to be lent.
    mutating func keep(_ file: Descriptor?, size: Int, of key: StateKey, lastChange: UInt64) -> Loan? {
        guard let generations, let local = existing(key), local.lastChange == lastChange else { return nil }
        local.lending.isBeingMade = false
        guard let file, local.lending.file == nil else { return nil }
        while filedBytes + size > limits.maximumStateLentBytes || filedKeys.count >= Self.maximumFiles,
            let oldest = filedKeys.oldest
        {
            dropFile(of: oldest)
        }
        local.lending.file = Lending.File(content: file, bytes: size, place: filedKeys.insert(local))
        filedBytes += size
        let place = Self.generationPlace(of: key)
        return .content(.file(file), place: place, generation: generations[place])
    }

    /// What was lent of a value that has changed is not to be used any more.
    mutating func endLoans(of local: LocalKey) {
        generations?.advance(Self.generationPlace(of: local.key))
        dropFile(of: local)
        local.lending = Lending()
    }

    mutating func dropFile(of local: LocalKey) {
        guard let file = local.lending.file else { return }
        local.lending.file = nil
        filedKeys.remove(file.place)
        filedBytes -= file.bytes
    }

    /// Which of the generations counts the changes of a key.
    static func generationPlace(of key: StateKey) -> Int {
        var hasher = Hasher()
        hasher.combine(key)
        return hasher.finalize() & (SharedCounters.count - 1)
    }
}
