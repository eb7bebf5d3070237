import Model
import Testing

@testable import Platform

struct SpotMachineTests {
    private let size = SpotSize(minimumWorkers: 1, maximumWorkers: 4)
    private let now = Timestamp(microseconds: 1)

    private func id(_ number: UInt64) -> ExecutionID { ExecutionID(high: 0, low: number) }

    private func address(_ number: Int) -> SpotAddress { SpotAddress(number: number) }

    /// A machine with so many spots that take calls.
    private func machine(_ count: Int) -> SpotMachine {
        var machine = SpotMachine(first: count, size, at: now)
        let (effects, ended) = machine.restore()
        #expect(effects == (0..<count).map { .open($0 + 1, size) } && ended.isEmpty)
        for number in 0..<count {
            let (effects, ended) = machine.opened(number + 1, size)
            #expect(effects.isEmpty && ended.isEmpty)
        }
        return machine
    }

    @Test func `addresses count upwards, carry over, and are read back`() {
        #expect(address(1).description == "127.0.1.1")
        #expect(address(255).description == "127.0.1.255")
        #expect(address(256).description == "127.0.2.0")
        for number in [1, 255, 256, 65_536, 1_000_000] {
            #expect(SpotAddress(address(number).description) == address(number))
        }
        for text in ["", "127.0.0.1", "127.0.1", "127.0.1.256", "127.0.01.1", "10.0.1.1", "127.0.1.1 "] {
            #expect(SpotAddress(text) == nil)
        }
    }

    @Test func `an added spot is creating until its workers take calls, and its execution ends with its address`()
        throws
    {
        var machine = machine(1)
        #expect(try machine.add(id(1), at: now) == [.open(2, size)])
        #expect(machine[address(2)]?.state == .creating && machine.roster.changes.count == 1)
        let (effects, ended) = machine.opened(2, size)
        #expect(effects.isEmpty && ended.map(\.result) == [.success("127.0.1.2")])
        #expect(ended.first?.change.execution == id(1) && ended.first?.change.task == .createSpot)
        #expect(machine[address(2)]?.state == .ready && machine.roster.changes.isEmpty)
    }

    @Test func `a spot that cannot be made fails its execution and is gone`() throws {
        var machine = machine(0)
        _ = try machine.add(id(1), at: now)
        let ended = machine.failed(1, "no memory")
        #expect(ended.map(\.result) == [.failure(.init(message: "no memory"))])
        #expect(machine.roster.spots.isEmpty && machine.roster.nextNumber == 2 && !machine.hasReadySpot)
    }

    @Test func `the newest spot is removed where none is named, and drains first`() throws {
        var machine = machine(2)
        #expect(try machine.remove(nil, id(1), at: now) == [.close(2)])
        #expect(machine[address(2)]?.state == .draining)
        #expect(try machine.remove(nil, id(2), at: now) == [.close(1)])
        #expect(!machine.hasReadySpot)
        #expect(throws: PlatformError.self) { try machine.remove(nil, id(3), at: now) }
        #expect(throws: PlatformError.self) { try machine.remove(address(1), id(3), at: now) }
        #expect(machine.closed(2).map(\.result) == [.success("127.0.1.2")])
        #expect(machine.closed(1).first?.change.task == .deleteSpot)
        #expect(machine.roster.spots.isEmpty)
    }

    @Test func `a spot that is removed while it is made is closed when it is open`() throws {
        var machine = machine(1)
        _ = try machine.add(id(1), at: now)
        #expect(try machine.remove(address(2), id(2), at: now).isEmpty)
        let (effects, ended) = machine.opened(2, size)
        #expect(effects == [.close(2)] && ended.map(\.change.execution) == [id(1)])
        #expect(machine.closed(2).map(\.change.execution) == [id(2)])
    }

    @Test func `replace takes the old spot away when the new one takes calls`() throws {
        var machine = machine(1)
        #expect(try machine.replace(address(1), id(1), at: now) == [.open(2, size)])
        #expect(machine[address(1)]?.state == .ready)
        #expect(throws: PlatformError.self) { try machine.replace(address(1), id(2), at: now) }
        let (effects, ended) = machine.opened(2, size)
        #expect(effects == [.close(1)] && ended.isEmpty)
        #expect(machine.closed(1).map(\.result) == [.success("127.0.1.2")])
        #expect(machine.roster.spots.map(\.address) == [address(2)] && machine.roster.changes.isEmpty)
    }

    @Test func `a replacement that fails leaves the old spot as it was`() throws {
        var machine = machine(1)
        _ = try machine.replace(address(1), id(1), at: now)
        #expect(machine.failed(2, "no").count == 1)
        #expect(machine[address(1)]?.state == .ready)
        #expect(try machine.remove(address(1), id(2), at: now) == [.close(1)])
    }

    @Test func `a new address is given at once and never twice`() throws {
        var machine = machine(2)
        let one = try machine.refresh(address(1), id(1), at: now)
        #expect(one.result == .success("127.0.1.3") && machine[address(1)] == nil)
        #expect(machine[address(3)]?.id == 1)
        let all = try machine.refresh(nil, id(2), at: now)
        #expect(all.result == .success("127.0.1.4, 127.0.1.5"))
        #expect(throws: PlatformError.self) { try machine.refresh(address(1), id(3), at: now) }
    }

    @Test func `another size reaches every spot, also one that is being made or changed`() throws {
        let large = SpotSize(minimumWorkers: 2, maximumWorkers: 8)
        let larger = SpotSize(minimumWorkers: 2, maximumWorkers: 16)
        var machine = machine(1)
        _ = try machine.add(id(1), at: now)
        #expect(machine.resize(large) == [.resize(1, large)])
        #expect(machine.opened(2, size).effects == [.resize(2, large)])
        #expect(machine.resize(larger).isEmpty)
        #expect(machine.resized(1, large) == [.resize(1, larger)])
        #expect(machine.resized(2, large) == [.resize(2, larger)])
        #expect(machine.resized(1, larger).isEmpty)
    }

    @Test func `a restart goes on with what was begun`() throws {
        var machine = machine(3)
        _ = try machine.remove(address(1), id(1), at: now)
        _ = try machine.replace(address(2), id(2), at: now)
        var next = SpotMachine(machine.roster)
        let (effects, ended) = next.restore()
        #expect(ended.map(\.change.execution) == [id(1)])
        #expect(effects == [.open(2, size), .open(3, size), .open(4, size)])
        #expect(!next.hasReadySpot)
        #expect(next.opened(4, size).effects.isEmpty, "the old one is still being opened")
        #expect(next.opened(2, size).effects == [.close(2)])
        #expect(next.closed(2).map(\.change.execution) == [id(2)])
    }

    @Test func `a replacement that is removed while the old spot drains ends all the same`() throws {
        var machine = machine(1)
        _ = try machine.replace(address(1), id(1), at: now)
        #expect(machine.opened(2, size).effects == [.close(1)])
        #expect(try machine.remove(address(2), id(2), at: now) == [.close(2)])
        #expect(machine.closed(2).map(\.change.execution) == [id(2)])
        #expect(machine.closed(1).map(\.change.execution) == [id(1)])
    }

    @Test func `a spot that drains while it is being made is closed once it is made, also where it is removed again`()
        throws
    {
        var machine = machine(1)
        _ = try machine.add(id(1), at: now)
        // The spot is replaced before it is made, and its replacement is removed before that is made.
        _ = try machine.replace(address(2), id(2), at: now)
        #expect(try machine.remove(address(3), id(3), at: now).isEmpty)
        let replaced = machine.opened(3, size)
        #expect(replaced.effects == [.close(3)] && replaced.ended.map(\.change.execution) == [id(2)])
        #expect(try machine.remove(address(2), id(4), at: now).isEmpty, "it is still being opened")
        let made = machine.opened(2, size)
        #expect(made.effects == [.close(2)] && made.ended.map(\.change.execution) == [id(1)])
        #expect(machine.closed(2).map(\.change.execution) == [id(4)])
        #expect(machine.closed(3).map(\.change.execution) == [id(3)])
        #expect(machine.roster.changes.isEmpty)
    }

    @Test func `any sequence ends every change once, gives no address twice and leaves nothing half done`() {
        var generator = SystemRandomNumberGenerator()
        let seed = UInt64.random(in: .min ... .max, using: &generator)
        var run = SpotRun(seed: seed)
        for _ in 0..<5000 { run.step() }
        run.finish()
        #expect(run.accepted.sorted() == run.ended.sorted(), "seed \(seed)")
        #expect(run.accepted.count > 1000 && Set(run.ended).count == run.ended.count, "seed \(seed)")
        #expect(run.machine.roster.changes.isEmpty, "seed \(seed)")
        #expect(run.machine.roster.spots.allSatisfy { $0.state == .ready }, "seed \(seed)")
        #expect(run.addresses.count == Set(run.addresses).count, "seed \(seed)")
        for spot in run.machine.roster.spots { #expect(run.open[spot.id] == run.machine.roster.size, "seed \(seed)") }
        #expect(Set(run.open.keys) == Set(run.machine.roster.spots.map(\.id)), "seed \(seed)")
    }
}

/// A machine beside a host that answers in any order, fails now and then, and forgets everything in a restart.
private struct SpotRun {
    private(set) var machine: SpotMachine
    private(set) var accepted: [ExecutionID] = []
    private(set) var ended: [ExecutionID] = []
    private(set) var addresses: [SpotAddress] = []
    /// What the host has, by spot.
    private(set) var open: [Int: SpotSize] = [:]
    private var effects: [SpotMachine.Effect] = []
    private var random: Random
    private var count: UInt64 = 0
    private let now = Timestamp(microseconds: 1)

    private struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
    }

    init(seed: UInt64) {
        random = Random(state: seed | 1)
        machine = SpotMachine(first: 1, SpotSize(minimumWorkers: 1, maximumWorkers: 1), at: now)
        restart()
    }

    mutating func step() {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<60: answer()
        case 60..<70: request { machine, id, now, _ throws(PlatformError) in (try machine.add(id, at: now), nil) }
        case 70..<80:
            request { machine, id, now, spot throws(PlatformError) in (try machine.remove(spot, id, at: now), nil) }
        case 80..<90:
            request { machine, id, now, spot throws(PlatformError) in
                guard let spot else { throw .noSpot }
                return (try machine.replace(spot, id, at: now), nil)
            }
        case 90..<95:
            request { machine, id, now, spot throws(PlatformError) in ([], try machine.refresh(spot, id, at: now)) }
        case 95..<99:
            effects += machine.resize(
                SpotSize(minimumWorkers: 1, maximumWorkers: Int.random(in: 1...9, using: &random)))
        default: restart()
        }
        for spot in machine.roster.spots where !known.contains(spot.address) {
            known.insert(spot.address)
            addresses.append(spot.address)
        }
    }

    private var known: Set<SpotAddress> = []

    /// Answers everything that is open.
    mutating func finish() { while !effects.isEmpty { answer(mayFail: false) } }

    private mutating func request(
        _ body: (inout SpotMachine, ExecutionID, Timestamp, SpotAddress?) throws(PlatformError) -> (
            [SpotMachine.Effect], SpotMachine.Ended?
        )
    ) {
        count += 1
        let id = ExecutionID(high: 0, low: count)
        let spot = Bool.random(using: &random) ? machine.roster.spots.randomElement(using: &random)?.address : nil
        do throws(PlatformError) {
            let (more, done) = try body(&machine, id, now, spot)
            accepted.append(id)
            effects += more
            if let done { ended.append(done.change.execution) }
        } catch {}
    }

    private mutating func answer(mayFail: Bool = true) {
        guard let index = effects.indices.randomElement(using: &random) else { return }
        switch effects.remove(at: index) {
        case .open(let id, let size):
            if mayFail, Int.random(in: 0..<5, using: &random) == 0 {
                ended += machine.failed(id, "no").map(\.change.execution)
            } else {
                open[id] = size
                take(machine.opened(id, size))
            }
        case .resize(let id, let size):
            if open[id] != nil { open[id] = size }
            effects += machine.resized(id, size)
        case .close(let id):
            open[id] = nil
            ended += machine.closed(id).map(\.change.execution)
        }
    }

    private mutating func restart() {
        open = [:]
        machine = SpotMachine(machine.roster)
        effects = []
        take(machine.restore())
    }

    private mutating func take(_ step: (effects: [SpotMachine.Effect], ended: [SpotMachine.Ended])) {
        effects += step.effects
        ended += step.ended.map(\.change.execution)
    }
}
