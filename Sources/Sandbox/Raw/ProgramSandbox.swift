internal import Glibc
public import Kernel
public import Model
internal import Synchronization
internal import Wasmtime

/// A raw WebAssembly function that this process knows: its compiled code, and the module once it was called.
public final class LoadedProgram: Sendable {
    let file: MappedFile
    let header: CodeFile
    private let module = Mutex<PreparedModule<SlotState>?>(nil)

    init(_ file: Descriptor) throws(ImageError) {
        let file = try MappedFile(file)
        header = try file.withBytes { bytes throws(ImageError) in try CodeFile(parsing: bytes) }
        self.file = file
    }

    /// The module, ready to be instantiated. True: it was not before.
    func prepared(
        _ engine: Engine, _ linker: Linker<SlotState>
    ) throws(WasmtimeError) -> (PreparedModule<SlotState>, isNew: Bool) {
        let result = module.withLock { module -> Result<(PreparedModule<SlotState>, isNew: Bool), WasmtimeError> in
            if let module { return .success((module, isNew: false)) }
            return Result { () throws(WasmtimeError) in
                let compiled = try file.withBytes { bytes throws(WasmtimeError) in
                    try Module(compiledCode: UnsafeRawBufferPointer(rebasing: bytes[header.code]), in: engine)
                }
                let prepared = try linker.prepareWithUnknownFunctions(compiled)
                module = prepared
                return (prepared, isNew: true)
            }
        }
        return try result.get()
    }

    /// Gives the memory of the module back; it is made again when it is called.
    func forget() { module.withLock { $0 = nil } }
}

/// Runs raw WebAssembly functions: a new instance for each call, in an engine of their own.
///
/// ``call(_:_:_:deliver:)`` blocks the calling thread, which must be a ``GuestThread`` that holds a permit.
public final class ProgramSandbox: Sendable {
    /// How many modules are kept ready; the one that was made ready first makes room.
    private static let maximumModules = 128

    let engine: Engine
    let linker: Linker<SlotState>
    private let memories: ProgramMemories
    private let tree: FileTree
    private let watchdog = Watchdog()
    private let permits: any Permits
    private let ready = Mutex<[LoadedProgram]>([])

    public init(permits: any Permits) throws(SandboxError) {
        self.permits = permits
        memories = ProgramMemories()
        do throws(ImageError) {
            tree = try FileTree(files: GuestIdentity.files, empty: ["tmp", "home/faasm"])
        } catch { throw SandboxError(error.message) }
        do throws(WasmtimeError) {
            engine = try Self.engine(memories)
            linker = try Self.linker(engine)
        } catch { throw SandboxError(error) }
    }

    static func engine(_ memories: ProgramMemories) throws(WasmtimeError) -> Engine {
        try Engine(EngineSettings(memory: memories, runsForeignModules: true))
    }

    static func linker(_ engine: Engine) throws(WasmtimeError) -> Linker<SlotState> {
        let linker = try Linker<SlotState>(engine)
        try WasiFunctions.define(in: linker)
        try FaasmFunctions.define(in: linker)
        return linker
    }

    /// Takes over a file of compiled code.
    public func load(_ file: consuming Descriptor) throws(SandboxError) -> LoadedProgram {
        do throws(ImageError) { return try LoadedProgram(file) } catch { throw SandboxError(error.message) }
    }

    /// Forgets what was made of a program that is not called any more.
    public func unload(_ program: LoadedProgram) {
        ready.withLock { $0.removeAll { $0 === program } }
        program.forget()
    }

    /// Whether a file that somebody handed over is one of compiled code, and no image.
    public static func isCode(_ file: borrowing Descriptor) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: CodeFile.magic.count, alignment: 8) { start in
            pread(file.number, start.baseAddress, start.count, 0) == start.count
                && CodeFile.isOne(UnsafeRawBufferPointer(start))
        }
    }

    /// Makes a program's module ready to be run. Throws where the code cannot be used: it is to be compiled anew.
    public func makeReady(_ program: LoadedProgram) throws(SandboxError) {
        do throws(WasmtimeError) { _ = try prepared(program) } catch { throw SandboxError(error) }
    }

    private func prepared(_ program: LoadedProgram) throws(WasmtimeError) -> PreparedModule<SlotState> {
        let (module, isNew) = try program.prepared(engine, linker)
        guard isNew else { return module }
        let removed = ready.withLock { ready -> LoadedProgram? in
            ready.append(program)
            return ready.count > Self.maximumModules ? ready.removeFirst() : nil
        }
        removed?.forget()
        return module
    }

    /// Runs one call in a new instance and gives its outcome to `deliver` before that is taken apart. The first of the run's
    /// parts is the input.
    public func call(
        _ program: LoadedProgram, _ run: Run, _ interruption: Interruption, deliver: (RunOutcome) -> Void
    ) throws(SandboxError) {
        let module: PreparedModule<SlotState>
        do throws(WasmtimeError) { module = try prepared(program) } catch { throw SandboxError(error) }
        var run = run
        if run.program == nil { run.program = ProgramInput() }
        let memory = try memories.offer(minimum: program.header.memoryBytes)
        memory.setLimit(bytes: run.limits.memoryBytes)
        let session = Session(run, memory: memory, tree: tree, interruption: interruption, permits: permits)
        let clock = ThreadClock()
        let (startedAt, startedCPU) = (Clock.monotonicNanoseconds(), clock.nanoseconds())
        let ticket = watchdog.watch(interruption, EpochEnd(engine: engine), limits: run.limits, clock: clock)
        ProgramRun(session, interruption).run(module, program.header, program.file) { ending in
            watchdog.unwatch(ticket)
            let usage = ResourceUsage(
                wallMicroseconds: (Clock.monotonicNanoseconds() - startedAt) / 1000,
                cpuMicroseconds: (clock.nanoseconds() - startedCPU) / 1000, peakMemoryBytes: Int64(memory.byteCount))
            deliver(session.outcome(ending, usage))
        }
        memories.giveBack(memory, isMapped: program.header.start?.isMapped ?? false)
    }

    /// Runs the hook of a module that is being compiled and tells what it left; see ``ProgramRun/runHook(of:_:_:)``.
    func runHook(
        of module: Module, _ insides: ModuleInsides?, memoryBytes: Int, _ limits: FunctionLimits
    ) throws(SandboxError) -> (RunEnding, HookResult) {
        let prepared: PreparedModule<SlotState>
        do throws(WasmtimeError) { prepared = try linker.prepareWithUnknownFunctions(module) } catch {
            throw SandboxError(error)
        }
        let memory = try memories.offer(minimum: memoryBytes)
        memory.setLimit(bytes: limits.memoryBytes)
        let interruption = Interruption()
        let run = Run(parts: [], limits: limits, program: ProgramInput(entry: ProgramRun.hook))
        let session = Session(run, memory: memory, tree: tree, interruption: interruption, permits: permits)
        let ticket = watchdog.watch(interruption, EpochEnd(engine: engine), limits: limits, clock: ThreadClock())
        var result = (RunEnding.returned, HookResult.repeated)
        ProgramRun(session, interruption).runHook(of: prepared, insides) { ending, left in
            watchdog.unwatch(ticket)
            result = (session.outcome(ending, ResourceUsage()).ending, left)
        }
        return result
    }
}

/// Modules look for themselves whether their run is to end, when the engine says so.
private struct EpochEnd: RunEnd {
    let engine: Engine

    func ask() -> Bool { false }
    func force() { engine.lookAtRuns() }
}
