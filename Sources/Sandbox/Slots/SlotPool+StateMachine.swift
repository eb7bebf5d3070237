/// Which slot a call gets. Pure: it knows slots by number and images by key.
struct SlotPoolStateMachine<Key: Hashable> {
    /// What to do for a call.
    enum Acquisition: Equatable {
        /// The slot holds the image already.
        case warm(Int)
        /// Load the image into this slot, which is blank or holds another image.
        case load(Int)
        /// Make a slot with this number and load the image.
        case make(Int)
    }

    private struct Idle {
        var slot: Int
        var key: Key?
    }

    private let minimumSlots: Int
    private let maximumSlots: Int
    /// Least recently used first; blank ones at the very front.
    private var idle: [Idle] = []
    private var busy: Set<Int> = []
    private var nextSlot = 0

    init(minimumSlots: Int = 0, maximumSlots: Int) {
        self.minimumSlots = minimumSlots
        self.maximumSlots = maximumSlots
    }

    var slotCount: Int { idle.count + busy.count }
    var blankCount: Int { idle.count { $0.key == nil } }

    mutating func acquire(_ key: Key) -> Acquisition {
        if let index = idle.lastIndex(where: { $0.key == key }) {
            return .warm(take(index))
        }
        if idle.first.map({ $0.key == nil }) ?? false { return .load(take(0)) }
        // There are no more calls than threads, so where no slot is idle one may be made.
        if slotCount < maximumSlots || idle.isEmpty { return .make(makeNumber()) }
        return .load(take(0))
    }

    /// A slot that could not hold the image is replaced by a new one.
    mutating func replace(_ slot: Int) -> Int {
        busy.remove(slot)
        return makeNumber()
    }

    /// A call ended. `key`: what the slot holds now; nil where it was thrown away. False: it is not kept, for there were more
    /// slots than are kept while many calls waited for others.
    @discardableResult
    mutating func release(_ slot: Int, holding key: Key?) -> Bool {
        busy.remove(slot)
        guard let key, slotCount < maximumSlots else { return false }
        idle.append(Idle(slot: slot, key: key))
        return true
    }

    /// The number of a blank slot to make ahead of need; nil where there are enough.
    mutating func reserveBlank(upTo count: Int) -> Int? {
        guard blankCount < count || slotCount < minimumSlots, slotCount < maximumSlots else { return nil }
        return makeNumber()
    }

    mutating func addBlank(_ slot: Int) {
        busy.remove(slot)
        idle.insert(Idle(slot: slot, key: nil), at: 0)
    }

    /// Takes out the idle slots that hold an image which is no longer wanted.
    mutating func evict(_ key: Key) -> [Int] {
        let evicted = idle.filter { $0.key == key }.map(\.slot)
        idle.removeAll { $0.key == key }
        return evicted
    }

    private mutating func take(_ index: Int) -> Int {
        let slot = idle.remove(at: index).slot
        busy.insert(slot)
        return slot
    }

    private mutating func makeNumber() -> Int {
        nextSlot += 1
        busy.insert(nextSlot)
        return nextSlot
    }
}
