internal import Synchronization
internal import Wasmtime

/// The slots of one worker. Finds the one that holds an image already, or makes room.
final class SlotPool: Sendable {
    private struct State {
        var machine: SlotPoolStateMachine<ObjectIdentifier>
        var idle: [Int: SlotBox] = [:]
    }

    private let state: Mutex<State>
    private let make: @Sendable () throws(WasmtimeError) -> Slot

    init(minimumSlots: Int = 0, maximumSlots: Int, make: @escaping @Sendable () throws(WasmtimeError) -> Slot) {
        state = Mutex(State(machine: SlotPoolStateMachine(minimumSlots: minimumSlots, maximumSlots: maximumSlots)))
        self.make = make
    }

    /// A slot, taken out of the pool.
    struct Taken {
        let number: Int
        let slot: Slot
    }

    /// Takes a slot that holds `image`.
    func take(_ image: Image) throws(WasmtimeError) -> Taken {
        let (acquisition, box) = state.withLock { state in
            let acquisition = state.machine.acquire(ObjectIdentifier(image))
            switch acquisition {
            case .warm(let number), .load(let number): return (acquisition, state.idle.removeValue(forKey: number))
            case .make: return (acquisition, nil)
            }
        }
        switch acquisition {
        case .warm(let number):
            return Taken(number: number, slot: box!.slot)
        case .load(let number):
            do throws(WasmtimeError) {
                try box!.slot.load(image)
                return Taken(number: number, slot: box!.slot)
            } catch {
                return try fill(state.withLock { $0.machine.replace(number) }, with: image)
            }
        case .make(let number):
            return try fill(number, with: image)
        }
    }

    private func fill(_ number: Int, with image: Image) throws(WasmtimeError) -> Taken {
        do throws(WasmtimeError) {
            let slot = try make()
            try slot.load(image)
            return Taken(number: number, slot: slot)
        } catch {
            state.withLock { _ = $0.machine.release(number, holding: nil) }
            throw error
        }
    }

    /// Gives a slot back, its memory reset; or throws it away.
    func give(back taken: Taken, isReset: Bool) {
        let box = SlotBox(taken.slot)
        state.withLock { state in
            let image = isReset ? box.slot.image : nil
            if state.machine.release(taken.number, holding: image.map(ObjectIdentifier.init)) {
                state.idle[taken.number] = box
            }
        }
    }

    /// Makes slots with an image without differences ahead of need, so that a cold image need not wait for one.
    func replenish(upTo count: Int, holding blank: Image) {
        while let number = state.withLock({ $0.machine.reserveBlank(upTo: count) }) {
            do throws(WasmtimeError) {
                let box = SlotBox(try make())
                try box.slot.loadAhead(blank)
                state.withLock { state in
                    state.idle[number] = box
                    state.machine.addBlank(number)
                }
            } catch {
                return state.withLock { _ = $0.machine.release(number, holding: nil) }
            }
        }
    }

    /// Throws away the idle slots that hold `image`.
    func evict(_ image: Image) {
        _ = state.withLock { state in
            state.machine.evict(ObjectIdentifier(image)).compactMap { state.idle.removeValue(forKey: $0) }
        }
    }
}

/// Carries a slot between threads.
// SAFETY: a slot is used by one thread at a time: it is either in the pool or taken by exactly one.
private struct SlotBox: @unchecked Sendable {
    let slot: Slot
    init(_ slot: Slot) { self.slot = slot }
}
