internal import Kernel
internal import Model
internal import Wasmtime

/// Makes compiled code of users' modules. It is to run in a process that has nothing to lose: what it reads is hostile.
public struct ModuleCompiler: Sendable {
    /// What unknown imports are named in a warning, at most, in bytes.
    private static let maximumListBytes = 32 << 10

    /// What a hook may take when it is tried.
    private static let hookMilliseconds = 30_000

    /// Whose engine compiles, and where a module's hook is run.
    private let sandbox: ProgramSandbox

    /// Does all that needs files or other rights: afterwards the process may give them up.
    public init() throws(SandboxError) {
        sandbox = try ProgramSandbox(permits: OnlyThread())
    }

    /// Compiles a module into the bytes of a ``CodeFile``. `compiler`: its 32 bytes of that name.
    public func compile(
        _ module: [UInt8], compiler: [UInt8], maximumMemoryBytes: Int
    ) throws(ModuleRefusal) -> [UInt8] {
        let outline = try module.withUnsafeBytes { bytes in
            Result { () throws(ModuleRefusal) in try ModuleOutline(parsing: bytes) }
        }.get()
        try outline.check(maximumMemoryBytes: maximumMemoryBytes)
        var compiled = try compile(module)
        let unknown = try unknownImports(of: compiled)
        let entry = try Self.entry(of: compiled)
        let memoryBytes = Int(outline.memory!.minimum * ModuleOutline.pageBytes)
        do {
            var hook: HookResult?
            if Self.hasHook(compiled) {
                let insides = try ModuleInsides(of: module)
                if let insides { compiled = try compile(insides.module) }
                hook = try runHook(of: compiled, insides, memoryBytes: memoryBytes, maximumMemoryBytes)
            }
            return try compiled.withCompiledCode { code in
                CodeFile.encode(
                    entry, compiler: compiler, memoryBytes: memoryBytes, hook: hook, unknownImports: unknown,
                    code: code)
            }
        } catch {
            throw error as? ModuleRefusal ?? ModuleRefusal("the module's code cannot be stored: \(error)")
        }
    }

    private static func hasHook(_ module: Module) -> Bool {
        module.exports[ProgramRun.hook] == .function(FunctionType(parameters: [], results: [.i32]))
    }

    private func compile(_ module: [UInt8]) throws(ModuleRefusal) -> Module {
        do throws(WasmtimeError) { return try Module(compiling: module, in: sandbox.engine) } catch {
            throw ModuleRefusal("the module is not valid: \(Self.sentence(error))")
        }
    }

    /// Runs a module's hook once, and returns what it left; one that fails refuses the module.
    private func runHook(
        of module: Module, _ insides: ModuleInsides?, memoryBytes: Int, _ maximumMemoryBytes: Int
    ) throws -> HookResult {
        var limits = FunctionLimits.standard
        limits.memoryBytes = maximumMemoryBytes
        limits.wallTimeMilliseconds = Self.hookMilliseconds
        limits.cpuTimeMilliseconds = Self.hookMilliseconds
        let (ending, result) = try sandbox.runHook(of: module, insides, memoryBytes: memoryBytes, limits)
        switch ending {
        case .returned: return result
        case .exited(let code): throw ModuleRefusal("the module's `\(ProgramRun.hook)` returned \(code)")
        case .trapped(let message):
            throw ModuleRefusal(
                "the module's `\(ProgramRun.hook)` failed: \(message.split(separator: "\n").first ?? "")")
        case .interrupted: throw ModuleRefusal("the module's `\(ProgramRun.hook)` takes too long")
        case .memoryLimit: throw ModuleRefusal("the module's `\(ProgramRun.hook)` needs more memory than its limit")
        }
    }

    private struct OnlyThread: Permits {
        func acquire() {}
        func release() {}
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
            switch sandbox.linker.defines(from, name, as: function) {
            case true: break
            case false:
                throw ModuleRefusal("the module imports `\(from).\(name)` with other parameters than it has here")
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
