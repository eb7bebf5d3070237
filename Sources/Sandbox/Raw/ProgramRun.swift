internal import Model
internal import Wasmtime

/// One run of a program: makes an instance, enters it, and says how that ended.
struct ProgramRun {
    let session: Session
    let state = SlotState()
    let options: StoreOptions

    init(_ session: Session, _ interruption: Interruption) {
        self.session = session
        options = StoreOptions(maximumTableElements: Int(ModuleOutline.maximumTableElements)) {
            interruption.reason != nil
        }
        state.current = session
    }

    /// Runs the program; `body` is told how it ended, while the instance is still there.
    func run(
        _ module: PreparedModule<SlotState>, _ header: CodeFile, _ file: MappedFile, _ body: (RunEnding) -> Void
    ) {
        let needed = header.start?.memoryBytes ?? header.memoryBytes
        guard needed <= session.limits.memoryBytes else { return body(.memoryLimit) }
        do throws(WasmtimeError) {
            let instance = try Instance(module, state: state, options)
            if let start = header.start {
                try begin(instance, at: start, of: file, header.pagesOffset)
            }
            body(ending { () throws(WasmtimeError) in try enter(instance, header) })
        } catch {
            body(ending { () throws(WasmtimeError) in throw error })
        }
    }

    func ending(_ enter: () throws(WasmtimeError) -> Int32) -> RunEnding {
        do throws(WasmtimeError) {
            let code = try enter()
            try flush()
            return code == 0 ? .returned : .exited(code: code)
        } catch {
            guard let code = session.exitCode else { return .trapped(sentence(error)) }
            do throws(WasmtimeError) { try flush() } catch { return .trapped(sentence(error)) }
            return code == 0 ? .returned : .exited(code: code)
        }
    }

    /// What was changed through pointers becomes the state of others, and open shared files are written.
    private func flush() throws(WasmtimeError) {
        do throws(HostTrap) {
            try session.flushViews()
            try session.closeShared()
        } catch { throw .trap(.host, error.message) }
    }

    private func enter(_ instance: borrowing Instance<SlotState>, _ header: CodeFile) throws(WasmtimeError) -> Int32 {
        let entry = session.program?.input.entry ?? ""
        if header.hook == .repeated { try repeatHook(instance) }
        // What a hook prepares, it prepares after the constructors.
        let isInitialised = header.hook != .none
        guard entry.isEmpty else { return try enter(instance, named: entry, header) }
        switch header.entry {
        case .start:
            try instance.call(instance.function("_start"))
            return 0
        case .main:
            if !isInitialised { try initialise(instance) }
            let main = instance.plainFunction("main") ?? instance.plainFunction("__main_void")
            guard let main else { throw .failure("the module exports no function `main`") }
            return try instance.call(main)
        case .mainWithArguments:
            if !isInitialised { try initialise(instance) }
            return try instance.call(instance.function("main"), [0, 0])
        }
    }

    /// A chained entry: `#` and its index in the function table, or a name.
    private func enter(
        _ instance: borrowing Instance<SlotState>, named entry: String, _ header: CodeFile
    ) throws(WasmtimeError) -> Int32 {
        let function: ExportedFunction?
        if entry.hasPrefix("#") {
            function = UInt32(entry.dropFirst()).flatMap { instance.tableFunction($0) }
        } else {
            function = instance.plainFunction(entry)
        }
        guard let function else {
            throw .trap(.host, "the module has no function `\(entry)` that takes nothing and returns an int or nothing")
        }
        if header.hook == .none { try initialise(instance) }
        return try instance.call(function)
    }

    /// The function that prepares what calls start from.
    static let hook = "_faasm_zygote"

    /// Runs the hook again, which succeeded once when the module was compiled.
    private func repeatHook(_ instance: borrowing Instance<SlotState>) throws(WasmtimeError) {
        try initialise(instance)
        guard let function = instance.plainFunction(Self.hook) else { return }
        let code = try instance.call(function)
        guard code == 0 else { throw .trap(.host, "`\(Self.hook)` returned \(code)") }
    }

    /// Runs what `_start` would run before `main`, where the module lets it be called.
    func initialise(_ instance: borrowing Instance<SlotState>) throws(WasmtimeError) {
        guard let function = instance.plainFunction("_initialize") ?? instance.plainFunction("__wasm_call_ctors") else {
            return
        }
        try instance.call(function)
    }

    private func sentence(_ error: WasmtimeError) -> String {
        let cause =
            switch error {
            case .trap(.stackOverflow, _): "call stack exhausted"
            case .trap(.memoryOutOfBounds, _): "the module read or wrote outside of its memory"
            case .trap(.unreachable, _): "the module reached an instruction that ends it (`unreachable`, or abort())"
            case .trap(_, let message), .failure(let message), .unexpectedLibrary(let message):
                Self.firstCause(message)
            }
        return ([cause] + options.backtrace.lines).joined(separator: "\n")
    }

    private static func firstCause(_ message: String) -> String {
        let line = message.split(separator: "\n").last.map(String.init) ?? message
        let name = line.split(separator: "`")
        guard line.contains("unknown import"), name.count > 1 else { return line }
        return "the module called `\(name[1].replacing("::", with: "."))`, which does not exist here"
    }
}
