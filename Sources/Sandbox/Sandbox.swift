internal import Glibc
public import Kernel
public import Model
internal import Synchronization
internal import Wasmtime

/// What a sandbox is made from.
public struct SandboxConfiguration: Sendable {
    /// Compiled code that ``Sandbox/compile(module:to:)`` wrote.
    public var compiledCodePath: String
    /// The interpreter's library: a zip archive of stored entries.
    public var libraryPath: String
    /// SHA-256 of the interpreter and its library, 32 bytes.
    public var interpreter: [UInt8]
    /// How many slots are made ahead of need.
    public var minimumSlots: Int
    /// How many slots are kept; more than there are threads that run guests.
    public var maximumSlots: Int

    public init(
        compiledCodePath: String, libraryPath: String, interpreter: [UInt8], minimumSlots: Int = 1,
        maximumSlots: Int = 64
    ) {
        self.minimumSlots = minimumSlots
        self.compiledCodePath = compiledCodePath
        self.libraryPath = libraryPath
        self.interpreter = interpreter
        self.maximumSlots = maximumSlots
    }
}

/// Why a sandbox cannot do what is asked of it; the platform's fault, not the user's.
public struct SandboxError: Error, Sendable, Equatable {
    public let message: String
    public init(_ message: String) { self.message = message }
    init(_ error: WasmtimeError) { message = "\(error)" }
}

/// A package that this process knows.
public struct LoadedPackage: Sendable {
    let archive: StoredArchive
}

/// A package, and the guest's path that its files are seen below, without a slash at either end.
public struct MountedPackage: Sendable {
    let package: StoredArchive
    let path: String

    public init(_ package: LoadedPackage, at path: String) {
        self.package = package.archive
        self.path = path
    }
}

/// An image that this process knows, with the files that its calls see.
public struct LoadedImage: Sendable {
    let image: Image
    let tree: FileTree
    public var memoryBytes: Int { image.memoryBytes }
}

/// The interpreter with its slots: takes images of users' modules and runs calls from them.
///
/// `bootBaseImage`, `prepare` and `call` block the calling thread, which must be a ``GuestThread`` that holds a permit.
public final class Sandbox: Sendable {
    private let tree: FileTree
    private let interpreter: [UInt8]
    let module: PreparedModule<SlotState>
    let memories: GuestMemorySource
    private let watchdog = Watchdog()
    private let permits: any Permits
    private let pagemap: PageMap
    private let pool: SlotPool
    private let hotImages = HotImages()
    private let base = Mutex<Base?>(nil)

    /// The base image, and an image without differences, from which users' modules are imported.
    private struct Base: Sendable {
        let base: BaseImage
        let empty: Image
    }

    /// Guest path of the interpreter's library.
    private static let libraryMountPoint = "lib/python3.13"

    /// Opens everything that it will ever open: after this, the process may give up opening files.
    public init(
        _ configuration: SandboxConfiguration, permits: any Permits, pagemap: PageMap = PageMap()
    ) throws(SandboxError) {
        self.pagemap = pagemap
        interpreter = configuration.interpreter
        self.permits = permits
        let library = open(configuration.libraryPath, O_RDONLY | O_CLOEXEC)
        guard library >= 0 else {
            throw SandboxError("the interpreter's library \(configuration.libraryPath) cannot be opened")
        }
        do throws(ImageError) {
            let files = try FileTree(
                storedZip: Descriptor(takingOver: library), mountPoint: Self.libraryMountPoint,
                empty: ["tmp", "function"])
            tree = try FileTree(
                files, files: GuestIdentity.files, empty: ["home/faasm"],
                // Where Faasm's users have it.
                aliases: [("lib/python3.8", Self.libraryMountPoint)])
        } catch { throw SandboxError("\(configuration.libraryPath): \(error.message)") }
        let memories = GuestMemorySource()
        self.memories = memories
        do throws(WasmtimeError) {
            try SelfCheck.run(memory: memories)
            let engine = try Self.engine(memories)
            let compiled = try Module(compiledCodeAt: configuration.compiledCodePath, in: engine)
            let linker = try Linker<SlotState>(engine)
            try WasiFunctions.define(in: linker)
            try Self.defineHostCall(in: linker)
            let module = try linker.prepare(compiled)
            self.module = module
            pool = SlotPool(minimumSlots: configuration.minimumSlots, maximumSlots: configuration.maximumSlots) {
                () throws(WasmtimeError) in
                try Slot(module, memories: memories)
            }
        } catch { throw SandboxError(error) }
    }

    /// Compiles the interpreter for this machine, which takes seconds, and writes the code to `path`.
    public static func compile(module path: String, to outputPath: String) throws(SandboxError) {
        let input = open(path, O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { throw SandboxError("the interpreter \(path) cannot be opened") }
        do {
            let bytes = try MappedFile(Descriptor(takingOver: input)).withBytes { Array($0) }
            let compiled = try Module(compiling: bytes, in: engine(GuestMemorySource()))
            let output = open(outputPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
            guard output >= 0 else { throw SandboxError("\(outputPath) cannot be written") }
            let file = Descriptor(takingOver: output)
            try compiled.withCompiledCode { code in
                guard file.write(code), fsync(file.number) == 0 else {
                    throw SandboxError("\(outputPath) cannot be written")
                }
            }
        } catch {
            throw error as? SandboxError ?? SandboxError("\(error)")
        }
    }

    private static func engine(_ memories: GuestMemorySource) throws(WasmtimeError) -> Engine {
        try Engine(EngineSettings(memory: memories))
    }

    static func defineHostCall(in linker: Linker<SlotState>) throws(WasmtimeError) {
        try linker.define("swiftlet", "call", [.i32, .i32, .i32, .i32, .i32], [.i64]) {
            state, arguments throws(HostTrap) in
            let answer = try state.session().answer(
                arguments.u32(0), request: (arguments.u32(1), arguments.u32(2)),
                reply: (arguments.u32(3), arguments.u32(4)))
            arguments.returns(i64: answer)
        }
    }

    // MARK: Images

    /// Boots the interpreter and captures its memory. What it is given here lasts in all images: hash secrets, for one.
    public func bootBaseImage() throws(SandboxError) -> Descriptor {
        let context = context(Interruption())
        let limits = FunctionLimits(wallTimeMilliseconds: 120_000, cpuTimeMilliseconds: 120_000)
        do {
            let slot = try Slot(module, memories: memories)
            try slot.initialise(in: context, limits: limits)
            let outcome = slot.run(.boot, Run(parts: [], limits: limits), in: context)
            guard outcome.ending == .returned else {
                let printed = outcome.logs.map(\.text).joined(separator: "\n")
                throw SandboxError("the interpreter did not boot (\(outcome.ending)):\n\(printed)")
            }
            return try ImageCapture.base(of: slot.memory, interpreter: interpreter, cells: slot.interruptCells())
        } catch {
            throw error as? SandboxError ?? SandboxError("\(error)")
        }
    }

    /// Makes `descriptor` the base of all images from now on.
    public func setBase(_ descriptor: consuming Descriptor) throws(SandboxError) {
        do throws(ImageError) {
            let image = try BaseImage(descriptor: descriptor)
            guard image.interpreter == interpreter else { throw ImageError("the base image is of another interpreter") }
            let empty = Image(withoutDifferencesTo: image)
            base.withLock { $0 = Base(base: image, empty: empty) }
        } catch { throw SandboxError(error.message) }
    }

    /// Takes over the file of a package.
    public func loadPackage(_ descriptor: consuming Descriptor) throws(SandboxError) -> LoadedPackage {
        do throws(ImageError) { return LoadedPackage(archive: try StoredArchive(descriptor)) } catch {
            throw SandboxError(error.message)
        }
    }

    /// Takes over an image file, whose calls see `packages`: those that it was prepared with.
    public func load(
        _ descriptor: consuming Descriptor, with packages: [MountedPackage] = []
    ) throws(SandboxError) -> LoadedImage {
        let base = try currentBase().base
        do throws(ImageError) {
            let image = try Image(descriptor: descriptor, base: base)
            return LoadedImage(image: image, tree: try image.withSource(tree(with: packages)))
        } catch { throw SandboxError(error.message) }
    }

    /// Throws away the idle slots that hold an image.
    public func unload(_ image: LoadedImage) {
        pool.evict(image.image)
        hotImages.forget(image.image)
    }

    private func currentBase() throws(SandboxError) -> Base {
        guard let base = base.withLock({ $0 }) else { throw SandboxError("there is no base image yet") }
        return base
    }

    // MARK: Runs

    /// Imports a module in a fresh sandbox that sees `packages`, and the module's source, the second of the run's parts, at a path
    /// if one is given. The image is nil where the user's code failed; the outcome says how.
    public func prepare(
        _ run: Run, at path: String = "", with packages: [MountedPackage] = [], _ interruption: Interruption
    ) throws(SandboxError) -> (RunOutcome, Descriptor?) {
        let base = try currentBase()
        do {
            let slot = try Slot(module, memories: memories)
            try slot.load(base.empty)
            let name = String(path.trimmingPrefix("/"))
            let source = name.isEmpty || run.parts.count < 2 ? nil : SourceFile(path: name, content: run.parts[1])
            var tree = tree(with: packages)
            if let source { tree = try source.added(to: tree) }
            let outcome = slot.run(.prepare, run, in: context(interruption, tree))
            guard outcome.ending == .returned, outcome.errorReport == nil, outcome.openPaths.isEmpty else {
                return (outcome, nil)
            }
            let image = try ImageCapture.difference(
                of: slot.memory, from: base.base, source: source, pagemap: pagemap)
            return (outcome, image)
        } catch {
            throw SandboxError("\(error)")
        }
    }

    /// Runs one call from `image` and gives its outcome to `deliver` before the slot is made ready for the next.
    public func call(
        _ image: LoadedImage, _ run: Run, _ interruption: Interruption, deliver: (RunOutcome) -> Void
    ) throws(SandboxError) {
        do throws(WasmtimeError) {
            let taken = try pool.take(image.image)
            deliver(taken.slot.run(.call, run, in: context(interruption, image.tree)))
            hotImages.noteCall(of: image.image)
            pool.give(back: taken, isReset: taken.slot.reset(pagemap))
        } catch { throw SandboxError(error) }
    }

    /// Makes blank slots, so that a call from an image that no slot holds need not wait for one.
    public func replenish() {
        guard let blank = base.withLock({ $0?.empty }) else { return }
        pool.replenish(upTo: 1, holding: blank)
    }

    private func tree(with packages: [MountedPackage]) -> FileTree {
        packages.isEmpty ? tree : FileTree(tree, adding: packages)
    }

    /// Without a tree of its own, a run sees the interpreter's library only.
    func context(_ interruption: Interruption, _ tree: FileTree? = nil) -> RunContext {
        RunContext(tree: tree ?? self.tree, interruption: interruption, watchdog: watchdog, permits: permits)
    }
}
