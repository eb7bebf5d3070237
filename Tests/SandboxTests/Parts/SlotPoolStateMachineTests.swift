import SandboxTesting
import Testing

@testable import Sandbox

@Suite struct SlotPoolStateMachineTests {
    typealias Machine = SlotPoolStateMachine<String>

    @Test func `a slot that holds the image is taken before all others`() {
        var machine = Machine(maximumSlots: 4)
        #expect(machine.acquire("a") == .make(1))
        #expect(machine.acquire("b") == .make(2))
        _ = machine.release(1, holding: "a")
        _ = machine.release(2, holding: "b")
        #expect(machine.acquire("a") == .warm(1))
        #expect(machine.acquire("b") == .warm(2))
        #expect(machine.acquire("a") == .make(3))
    }

    @Test func `of several that hold it, the last used is taken`() {
        var machine = Machine(maximumSlots: 4)
        for _ in 1...3 { _ = machine.acquire("a") }
        for slot in [2, 3, 1] { _ = machine.release(slot, holding: "a") }
        #expect([machine.acquire("a"), machine.acquire("a"), machine.acquire("a")] == [.warm(1), .warm(3), .warm(2)])
    }

    @Test func `blank slots are used before new ones are made`() {
        var machine = Machine(maximumSlots: 4)
        #expect(machine.reserveBlank(upTo: 1) == 1)
        machine.addBlank(1)
        #expect(machine.reserveBlank(upTo: 1) == nil)
        #expect(machine.acquire("a") == .load(1))
        #expect(machine.blankCount == 0)
        #expect(machine.reserveBlank(upTo: 1) == 2)
    }

    @Test func `at the limit the least recently used slot is loaded anew`() {
        var machine = Machine(maximumSlots: 2)
        _ = machine.acquire("a")
        _ = machine.acquire("b")
        _ = machine.release(2, holding: "b")
        _ = machine.release(1, holding: "a")
        #expect(machine.acquire("c") == .load(2))
        #expect(machine.acquire("d") == .load(1))
        #expect(machine.acquire("e") == .make(3), "callers hold permits: there is always a reason for one more")
        #expect(machine.slotCount == 3)
    }

    @Test func `what was thrown away or replaced is not counted`() {
        var machine = Machine(maximumSlots: 2)
        _ = machine.acquire("a")
        _ = machine.release(1, holding: nil)
        #expect(machine.slotCount == 0)
        #expect(machine.acquire("a") == .make(2))
        #expect(machine.replace(2) == 3)
        #expect(machine.slotCount == 1)
    }

    @Test func `evicting gives the idle slots of one image`() {
        var machine = Machine(maximumSlots: 8)
        for key in ["a", "b", "a", "a"] { _ = machine.acquire(key) }
        for slot in 1...3 { _ = machine.release(slot, holding: slot == 2 ? "b" : "a") }
        #expect(machine.evict("a") == [1, 3])
        #expect(machine.slotCount == 2)
        #expect(machine.acquire("b") == .warm(2))
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `no slot is ever given twice, and none is lost`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var machine = Machine(maximumSlots: 6)
        var busy: [Int: String] = [:]
        var idle: [Int: String?] = [:]
        for step in 0..<2000 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5 where busy.count < 8:
                let key = ["a", "b", "c", "d"].randomElement(using: &random)!
                var slot: Int
                switch machine.acquire(key) {
                case .warm(let number):
                    #expect(idle[number] == .some(.some(key)), "seed \(seed), step \(step)")
                    slot = number
                case .load(let number):
                    #expect(idle[number] != nil, "seed \(seed), step \(step)")
                    #expect(!idle.values.contains(key), "a slot that holds it was passed over")
                    slot = number
                    if Int.random(in: 0..<8, using: &random) == 0 {
                        idle[number] = nil
                        slot = machine.replace(number)
                    }
                case .make(let number):
                    #expect(idle[number] == nil)
                    slot = number
                }
                #expect(busy[slot] == nil, "seed \(seed), step \(step)")
                idle[slot] = nil
                busy[slot] = key
            case 5..<8:
                guard let (slot, key) = busy.min(by: { $0.key < $1.key }) else { continue }
                busy[slot] = nil
                let isWhole = Int.random(in: 0..<4, using: &random) > 0
                let isKept = machine.release(slot, holding: isWhole ? key : nil)
                #expect(isKept == (isWhole && busy.count + idle.count < 6), "seed \(seed), step \(step)")
                if isKept { idle[slot] = .some(key) }
            case 8:
                if let slot = machine.reserveBlank(upTo: 2) {
                    machine.addBlank(slot)
                    idle[slot] = .some(nil)
                }
            default:
                let key = ["a", "b", "c", "d"].randomElement(using: &random)!
                let evicted = machine.evict(key)
                #expect(Set(evicted) == Set(idle.filter { $0.value == key }.keys), "seed \(seed), step \(step)")
                for slot in evicted { idle[slot] = nil }
            }
            #expect(machine.slotCount == busy.count + idle.count, "seed \(seed), step \(step)")
        }
    }

    @Test func `As many slots as are to be ready are made ahead of need, in use or not`() {
        var machine = SlotPoolStateMachine<String>(minimumSlots: 3, maximumSlots: 4)
        for number in 1...3 {
            let made = machine.reserveBlank(upTo: 1)
            #expect(made == number)
            machine.addBlank(number)
        }
        let enough = machine.reserveBlank(upTo: 1)
        #expect(enough == nil)
        let taken = machine.acquire("image")
        #expect(taken == .load(3))
        let stillEnough = machine.reserveBlank(upTo: 1)
        #expect(stillEnough == nil)
    }
}
