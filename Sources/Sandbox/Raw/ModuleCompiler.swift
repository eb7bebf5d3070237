internal import Wasmtime

/// Makes compiled code of users' modules. It is to run in a process that has nothing to lose: what it reads is hostile.
public struct ModuleCompiler: Sendable {
    /// What unknown imports are named in a warning, at most, in bytes.
    private static let maximumListBytes = 32 << 10

    private let engine: Engine
    private let linker: Linker<SlotState>

    /// Does all that needs files or other rights: afterwards the process may give them up.
    public init() throws(SandboxError) {
        do throws(WasmtimeError) {
            engine = try ProgramSandbox.engine(ProgramMemories())
            linker = try ProgramSandbox.linker(engine)
        } catch { throw SandboxError(error) }
    }

    /// Compiles a module into the bytes of a ``CodeFile``. `compiler`: its 32 bytes of that name.
    public func compile(
        _ module: [UInt8], compiler: [UInt8], maximumMemoryBytes: Int
    ) throws(ModuleRefusal) -> [UInt8] {
        let outline = try module.withUnsafeBytes { bytes in
            Result { () throws(ModuleRefusal) in try ModuleOutline(parsing: bytes) }
        }.get()
        try outline.check(maximumMemoryBytes: maximumMemoryBytes)
        let compiled: Module
        do throws(WasmtimeError) {
            compiled = try Module(compiling: module, in: engine)
        } catch { throw ModuleRefusal("the module is not valid: \(Self.sentence(error))") }
        let unknown = try unknownImports(of: compiled)
        let entry = try Self.entry(of: compiled)
        let memoryBytes = Int(outline.memory!.minimum * ModuleOutline.pageBytes)
        do {
            return try compiled.withCompiledCode { code in
                CodeFile.encode(
                    entry, compiler: compiler, memoryBytes: memoryBytes, unknownImports: unknown, code: code)
            }
        } catch { throw ModuleRefusal("the module's code cannot be stored: \(error)") }
    }

    private static func sentence(_ error: WasmtimeError) -> String {
        guard case .failure(let message) = error else { return "\(error)" }
        // One cause a line, numbered where there are several.
        return message.split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }.filter { $0 != "Caused by:" }
            .joined(separator: "; ")
    }

    /// The functions that a module imports and that do not exist here. Everything else must be what it is here.
    private func unknownImports(of module: Module) throws(ModuleRefusal) -> [String] {
        var unknown: [String] = []
        var bytes = 0
        for (from, name, type) in module.imports {
            guard case .function(let function) = type else {
                throw ModuleRefusal("the module imports `\(from).\(name)`, which is no function: only those are given")
            }
            switch linker.defines(from, name, as: function) {
            case true: break
            case false: throw ModuleRefusal("the module imports `\(from).\(name)` with other parameters than it has here")
            case nil:
                let line = "\(from).\(name)".replacing("\n", with: " ")
                bytes += line.utf8.count + 1
                if bytes <= Self.maximumListBytes { unknown.append(line) }
            }
        }
        return unknown
    }

    private static func entry(of module: Module) throws(ModuleRefusal) -> CodeFile.Entry {
        let exports = module.exports
        guard exports["memory"] == .memory else { throw ModuleRefusal("the module exports no memory named `memory`") }
        if case .function(FunctionType(parameters: [], results: [])) = exports["_start"] { return .start }
        switch exports["main"] ?? exports["__main_void"] {
        case .function(FunctionType(parameters: [], results: [.i32])): return .main
        case .function(FunctionType(parameters: [.i32, .i32], results: [.i32])): return .mainWithArguments
        default:
            throw ModuleRefusal(
                "the module exports neither `_start` (without parameters and results) nor `main` that returns an int")
        }
    }
}
