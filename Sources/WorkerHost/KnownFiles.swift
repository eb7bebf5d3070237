/// The files of one kind that a worker has open, by what they are to the server, and the numbers that stand for them.
struct KnownFiles<Key: Hashable> {
    private struct Known {
        var number: UInt32
        var lastUse: UInt64
    }

    private var files: [Key: Known] = [:]
    private var nextNumber: UInt32 = 0
    private var uses: UInt64 = 0

    func contains(_ key: Key) -> Bool { files[key] != nil }

    /// The number of a file that is open; this counts as a use of it.
    mutating func number(of key: Key) -> UInt32? {
        uses += 1
        files[key]?.lastUse = uses
        return files[key]?.number
    }

    /// Gives a new file a number. Where there are `maximum` already, the least recently used one makes room.
    mutating func add(_ key: Key, keeping maximum: Int) -> (number: UInt32, dropped: UInt32?) {
        var dropped: UInt32?
        if files.count >= maximum, let oldest = files.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            dropped = files.removeValue(forKey: oldest.key)?.number
        }
        nextNumber += 1
        uses += 1
        files[key] = Known(number: nextNumber, lastUse: uses)
        return (nextNumber, dropped)
    }

    /// Takes files out and returns their numbers.
    mutating func remove(where isGone: (Key) -> Bool) -> [UInt32] {
        let gone = files.filter { isGone($0.key) }
        for key in gone.keys { files[key] = nil }
        return gone.values.map(\.number)
    }
}
