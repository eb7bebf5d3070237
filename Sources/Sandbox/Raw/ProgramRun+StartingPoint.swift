internal import Glibc
internal import Model
internal import Wasmtime

/// What a hook left: where calls begin, with the pages; or that it must be run in each call.
enum HookResult {
    case kept(StartingPoint, pages: [UInt8])
    /// It changed what is not kept: a table, files.
    case repeated
}

extension ProgramRun {
    /// Runs a module's hook in a new instance and tells `body` how that ended, and what it left.
    func runHook(
        of module: PreparedModule<SlotState>, _ insides: ModuleInsides?, _ body: (RunEnding, HookResult) -> Void
    ) {
        var result = HookResult.repeated
        let ending = ending { () throws(WasmtimeError) in
            let instance = try Instance(module, state: state, options)
            let before = insides.map { Self.tables(of: instance, $0) }
            let touched = Self.pages(of: session.memory)
            try initialise(instance)
            let code = try instance.call(instance.function(Self.hook))
            if code == 0, let insides, before == Self.tables(of: instance, insides), !leavesFiles {
                result = keep(instance, insides, touched)
            }
            return code
        }
        body(ending, result)
    }

    private var leavesFiles: Bool {
        !session.files.openPaths.isEmpty || session.files.scratch?.root.children?.isEmpty == false
    }

    private static func tables(of instance: borrowing Instance<SlotState>, _ insides: ModuleInsides) -> [[UInt64]?] {
        var tables: [[UInt64]?] = []
        for name in insides.tables { tables.append(instance.elements(ofTable: name)) }
        // One that cannot be read is never the same as before.
        return tables.contains(nil) ? [[UInt64.random(in: .min ... .max)]] : tables
    }

    private static func pages(of memory: GuestMemory) -> Set<Int> {
        Set((0..<memory.byteCount / Page.bytes).filter { !Image.isZero(memory.base + $0 * Page.bytes) })
    }

    private func keep(
        _ instance: borrowing Instance<SlotState>, _ insides: ModuleInsides, _ touched: Set<Int>
    ) -> HookResult {
        var globals: [GlobalValue] = []
        for name in insides.globals {
            guard let value = instance.global(name) else { return .repeated }
            globals.append(value)
        }
        let (memory, program) = (session.memory, session.program)
        let pages = touched.union(Self.pages(of: memory)).sorted()
        let point = StartingPoint(
            memoryBytes: memory.byteCount, programBreak: program?.programBreak,
            threadValues: program?.threadValues ?? [], globals: globals, runs: ImageCapture.joined(pages))
        var bytes: [UInt8] = []
        bytes.reserveCapacity(point.pageCount * Page.bytes)
        for run in point.runs {
            bytes += UnsafeRawBufferPointer(
                start: memory.base + run.firstPage * Page.bytes, count: run.pageCount * Page.bytes)
        }
        return .kept(point, pages: bytes)
    }

    /// Brings a new instance to where calls begin. `file`: of the compiled code, which has the pages at `offset`.
    func begin(
        _ instance: borrowing Instance<SlotState>, at point: StartingPoint, of file: MappedFile, _ offset: Int
    ) throws(WasmtimeError) {
        let memory = session.memory
        let missing = point.memoryBytes - memory.byteCount
        if missing > 0 { try instance.grow(instance.memory("memory"), byPages: missing / Int(ModuleOutline.pageBytes)) }
        var offset = offset
        for run in point.runs {
            let (target, count) = (memory.base + run.firstPage * Page.bytes, run.pageCount * Page.bytes)
            if point.isMapped {
                let flags = MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE
                let mapped = mmap(target, count, PROT_READ | PROT_WRITE, flags, file.descriptor, offset)
                guard mapped != MAP_FAILED else { throw .failure("the system has no room for an instance's memory") }
            } else {
                target.copyMemory(from: file.bytes.baseAddress! + offset, byteCount: count)
            }
            offset += count
        }
        for (index, value) in point.globals.enumerated() {
            try instance.setGlobal(ModuleInsides.global(index), to: value)
        }
        session.program?.programBreak = point.programBreak
        session.program?.threadValues = point.threadValues
    }
}

extension StartingPoint {
    /// More than so many pages are mapped, and copied by the kernel one by one where the guest writes.
    private static let copiedPages = 256

    var isMapped: Bool { pageCount > Self.copiedPages }
}
