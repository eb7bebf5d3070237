internal import CLinux
internal import Glibc
internal import Model
internal import Wasmtime

/// What the linker's functions find: the session of the run that is under way in their slot.
final class SlotState {
    var current: Session?

    func session() throws(HostTrap) -> Session {
        guard let current else { throw HostTrap("no run is under way") }
        return current
    }
}

/// Which of the interpreter's exports a run enters; see `guest/src/reactor.c`.
enum EntryPoint: CaseIterable {
    case boot, prepare, call

    var exportName: String {
        switch self {
        case .boot: "swiftlet_boot"
        case .prepare: "swiftlet_prepare"
        case .call: "swiftlet_call"
        }
    }
}

/// One instance of the interpreter, whose memory the host owns and fills with an image before each run.
final class Slot {
    let memory: GuestMemory
    /// What its memory holds between runs; nil where it is blank.
    private(set) var image: Image?

    private let state: SlotState
    private let instance: Instance<SlotState>
    private let exportedMemory: ExportedMemory
    private let entries: [EntryPoint: ExportedFunction]

    /// Whether the memory is a mapping of the image in one piece.
    private var isWhole = false
    /// The pages of memory that are private copies, as the kernel told last; nil where there may be others by now.
    var privatePages: [Range<Int>]?

    /// Above this many private pages, mapping the image anew costs less than copying, now and at every later reset.
    static let maximumCopiedPages = 2048

    init(_ module: PreparedModule<SlotState>, memories: GuestMemorySource) throws(WasmtimeError) {
        state = SlotState()
        instance = try Instance(module, state: state)
        guard let memory = memories.takeLast() else { throw .failure("the instance has no memory of ours") }
        self.memory = memory
        exportedMemory = try instance.memory("memory")
        var entries: [EntryPoint: ExportedFunction] = [:]
        for entry in EntryPoint.allCases { entries[entry] = try instance.function(entry.exportName) }
        self.entries = entries
    }

    /// Makes the memory a copy of `image`. Throws where this slot cannot hold it: make another.
    func load(_ image: Image) throws(WasmtimeError) {
        let previous = self.image
        self.image = nil
        let missing = image.memoryBytes - memory.byteCount
        guard missing >= 0 else { throw .failure("the slot's memory is larger than the image's") }
        memory.setLimit(bytes: EngineSettings.reservedMemoryBytes)
        if missing > 0 { try instance.grow(exportedMemory, byPages: missing / 65536) }
        if let previous, image.canReplace(previous) {
            image.replace(previous, in: memory.base)
            (isWhole, privatePages) = (false, nil)
        } else {
            guard map(image) else { throw .failure("the system has no room for another mapping") }
        }
        self.image = image
    }

    /// Makes the memory a copy of an image without differences, whose pages a guest then finds without the kernel's help.
    func loadAhead(_ image: Image) throws(WasmtimeError) {
        try load(image)
        memory.populate(bytes: image.memoryBytes)
    }

    private func map(_ image: Image) -> Bool {
        isWhole = image.isWhole
        privatePages = nil
        return image.map(over: memory.base)
    }

    /// Enters the interpreter on this thread, which must have ``GuestThread/stackBytes`` of stack.
    func run(_ entry: EntryPoint, _ run: Run, in context: RunContext) -> RunOutcome {
        let session = Session(
            run, memory: memory, tree: context.tree, interruption: context.interruption, permits: context.permits)
        memory.setLimit(bytes: run.limits.memoryBytes)
        state.current = session
        defer { state.current = nil }
        let clock = ThreadClock()
        let faults = linux_thread_faults()
        let (startedAt, startedCPU) = (Clock.monotonicNanoseconds(), clock.nanoseconds())
        let ticket = context.watchdog.watch(
            context.interruption,
            InterpreterEnd(memory: memory, cells: entry == .boot ? nil : image?.base.header.interruptCells),
            limits: run.limits, clock: clock)
        var ending = RunEnding.returned
        do throws(WasmtimeError) {
            let result = try instance.call(entries[entry]!)
            if result != 0, session.errorReport == nil {
                ending = .trapped("the interpreter failed with code \(result)")
            }
            do throws(HostTrap) { try session.closeShared() } catch { ending = .trapped(error.message) }
        } catch {
            ending = .trapped(Self.sentence(error))
        }
        context.watchdog.unwatch(ticket)
        // A run without a page fault wrote to no page that was not private before. (Whoever interrupts it writes, too.)
        if linux_thread_faults() != faults || context.interruption.reason != nil { privatePages = nil }
        let outcome = session.outcome(
            ending,
            ResourceUsage(
                wallMicroseconds: (Clock.monotonicNanoseconds() - startedAt) / 1000,
                cpuMicroseconds: (clock.nanoseconds() - startedCPU) / 1000, peakMemoryBytes: Int64(memory.byteCount)))
        // A run may return at the very moment in which its memory is taken away.
        if outcome.ending != .returned || memory.isRevoked { isReusable = false }
        return outcome
    }

    private static func sentence(_ error: WasmtimeError) -> String {
        switch error {
        case .trap(.stackOverflow, _): "the stack is exhausted: calls inside the interpreter went too deep"
        case .trap(_, let message), .failure(let message), .unexpectedLibrary(let message): message
        }
    }

    /// False once a run did not return, as the instance's globals are then unknown, or lost its memory.
    private var isReusable = true

    /// Calls the module's own initialisation; once, in a slot that is to boot.
    func initialise(in context: RunContext, limits: FunctionLimits) throws(WasmtimeError) {
        state.current = Session(
            Run(parts: [], limits: limits), memory: memory, tree: context.tree, interruption: context.interruption,
            permits: context.permits)
        defer { state.current = nil }
        try instance.call(instance.function("_initialize"))
    }

    /// Reads where the interpreter looks for signals.
    func interruptCells() throws(WasmtimeError) -> InterruptCells {
        let address = UInt32(bitPattern: try instance.call(instance.function("swiftlet_interrupt_cells")))
        do throws(HostTrap) {
            return try memory.access { view throws(HostTrap) in
                InterruptCells(
                    evalBreaker: try view.load(address), evalBreakerBit: try view.load(address + 4),
                    signalTripped: try view.load(address + 8), anyTripped: try view.load(address + 12))
            }
        } catch { throw .failure(error.message) }
    }

    /// Makes the memory the image again. False: this slot must be thrown away.
    func reset(_ pagemap: PageMap) -> Bool {
        guard isReusable, let image, memory.byteCount == image.memoryBytes else { return false }
        guard isWhole || !image.isWhole else { return map(image) }
        guard let pages = privatePages ?? pagemap.privatePages(of: memory),
            pages.reduce(0, { $0 + $1.count }) <= Self.maximumCopiedPages
        else { return map(image) }
        for range in pages { image.restore(pages: range.lowerBound, range.upperBound, in: memory.base) }
        privatePages = pagemap.faultsTellAll ? pages : nil
        return true
    }
}

/// What a run needs of its surroundings.
struct RunContext {
    var tree: FileTree
    var interruption: Interruption
    var watchdog: Watchdog
    var permits: any Permits
}
