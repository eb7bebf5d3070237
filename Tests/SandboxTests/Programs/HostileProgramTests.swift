import Model
import SandboxTesting
import Testing
import Wasmtime

@testable import Sandbox

/// Modules that no compiler made, or that want more than they may have.
@Suite struct HostileProgramTests {
    private static func refusal(_ text: String, limits: FunctionLimits = .standard) -> String? {
        do {
            _ = try Program(text, limits: limits)
            return nil
        } catch { return (error as? ModuleRefusal)?.message ?? "\(error)" }
    }

    private static let start = "(func (export \"_start\"))"
    private static let memory = "(memory (export \"memory\") 1)"

    @Test(arguments: [
        ("(module \(start))", "the module has no memory of its own"),
        ("(module (memory 1) \(start))", "the module exports no memory named `memory`"),
        ("(module (memory (export \"memory\") 0) \(start))", "the module has no memory of its own"),
        ("(module \(memory))", "the module exports neither `_start`"),
        ("(module \(memory) (func (export \"_start\") (param i32)))", "the module exports neither `_start`"),
        (
            "(module (memory (export \"memory\") 65536) \(start))",
            "memory begins with 4096 MiB, but its limit is 256 MiB"
        ),
        ("(module \(memory) \(start) (table 4000000000 funcref))", "a table of 4000000000 elements"),
        ("(module (import \"env\" \"memory\" (memory 1)) \(start))", "no memory of its own"),
        ("(module (import \"env\" \"g\" (global i32)) \(memory) \(start))", "imports `env.g`, which is no function"),
        (
            "(module (import \"env\" \"__faasm_read_input\" (func (param i64))) \(memory) \(start))",
            "imports `env.__faasm_read_input` with other parameters"
        ),
        ("(module \(memory) (memory 1) \(start))", "multiple memories"),
        ("(module (memory (export \"memory\") i64 1) \(start))", "the module is not valid: "),
        ("(module (memory (export \"memory\") 1 2 shared) \(start))", "the module is not valid: "),
    ])
    func `a module that cannot run is refused with the reason`(text: String, reason: String) {
        #expect(Self.refusal(text)?.contains(reason) == true, "\(Self.refusal(text) ?? "accepted")")
    }

    @Test func `what is no module is refused with the reason`() throws {
        func refusal(_ bytes: [UInt8]) -> String? {
            do {
                _ = try Program(module: bytes)
                return nil
            } catch { return (error as? ModuleRefusal)?.message }
        }
        #expect(refusal([]) == "this is no WebAssembly module: it does not begin as one")
        #expect(refusal(Array("(module)".utf8)) == "this is no WebAssembly module: it does not begin as one")
        #expect(refusal([0, 0x61, 0x73, 0x6D, 13, 0, 1, 0])?.contains("components are not run") == true)
        let module = try Engine.assemble(ProgramTests.echo)
        // Without its last sections (names, or code and names), a module is whole again, or lacks its entry.
        let accepted = (8..<module.count).filter { refusal(Array(module[..<$0])) == nil }
        #expect(accepted.count <= 1, "\(accepted)")
        var random = SeededGenerator(seed: 11)
        for _ in 0..<200 {
            var damaged = module
            for _ in 0..<3 {
                damaged[Int.random(in: 8..<module.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if let reason = refusal(damaged) { #expect(!reason.isEmpty) }
        }
    }

    @Test func `a loop that touches no memory is ended by its limit of processor time`() async throws {
        var limits = FunctionLimits.standard
        limits.cpuTimeMilliseconds = 30
        let looping = "(loop $l (br $l))"
        for text in [
            "(module \(Self.memory) (func (export \"_start\") \(looping)))",
            "(module \(Self.memory) \(Self.start) (func $s \(looping)) (start $s))",
            "(module \(Self.memory) (func $f (return_call $f)) (func (export \"_start\") (return_call $f)))",
        ] {
            #expect(
                try await Program(text)(limits: limits).ending == .interrupted(.cpuTime(milliseconds: 30)), "\(text)")
        }
    }

    @Test func `one that waits is ended by its limit of time, and both by a cancel`() async throws {
        var limits = FunctionLimits.standard
        limits.wallTimeMilliseconds = 30
        let waiting = try Program(
            """
            (module
              (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
              \(Self.memory)
              (func (export "_start") (i64.store (i32.const 24) (i64.const 1000000000000))
                (loop $l (drop (call $poll (i32.const 0) (i32.const 100) (i32.const 1) (i32.const 200))) (br $l))))
            """)
        #expect(try await waiting(limits: limits).ending == .interrupted(.wallTime(milliseconds: 30)))
        for program in [waiting, try Program("(module \(Self.memory) (func (export \"_start\") (loop $l (br $l))))")] {
            let interruption = Interruption()
            async let outcome = program(interruption: interruption)
            interruption.request(.cancelled)
            #expect(try await outcome.ending == .interrupted(.cancelled))
        }
    }

    @Test func `memory ends at the limit`() async throws {
        var limits = FunctionLimits.standard
        limits.memoryBytes = 64 << 20
        let growing = """
            (module \(Self.memory) (func (export "_start")
              (loop $l (if (i32.eq (memory.grow (i32.const 16)) (i32.const -1)) (then unreachable)) (br $l))))
            """
        let outcome = try await Program(growing)(limits: limits)
        #expect(outcome.ending == .memoryLimit)
        #expect(outcome.usage.peakMemoryBytes <= 64 << 20)
        let large = try Program("(module (memory (export \"memory\") 2000) \(Self.start))")
        #expect(try await large(limits: limits).ending == .memoryLimit)
        #expect(try await large().ending == .returned)
    }

    @Test func `tables end at a limit of their own`() async throws {
        let growing = try Program(
            """
            (module \(Self.memory) (table $t 1 funcref) (func (export "_start")
              (loop $l (br_if $l (i32.ne (table.grow $t (ref.null func) (i32.const 1000)) (i32.const -1))))))
            """)
        #expect(try await growing().ending == .returned)
    }

    @Test func `printing has its limits`() async throws {
        let printing = try Program(
            """
            (module
              (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
              \(Self.memory) (data (i32.const 8) "\\00\\01\\00\\00\\00\\10\\00\\00")
              (func (export "_start") (local i32)
                (loop $l (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 0)))
                  (br_if $l (i32.lt_u (local.tee 0 (i32.add (local.get 0) (i32.const 1))) (i32.const 200))))))
            """)
        let outcome = try await printing()
        #expect(outcome.ending == .returned)
        #expect(outcome.logs.last?.text.contains("the limit of 262144 bytes") == true)
    }

    @Test func `damaged code is refused before it is run`() throws {
        let file = try Program(ProgramTests.echo).file
        var random = SeededGenerator(seed: 5)
        for _ in 0..<100 {
            var damaged = file
            let place = Int.random(in: 0..<file.count, using: &random)
            damaged[place] ^= UInt8.random(in: 1...255, using: &random)
            #expect(throws: SandboxError.self, "byte \(place)") { try Program.load(damaged) }
        }
        #expect(throws: SandboxError.self) { try Program.load(Array(file.dropLast())) }
        #expect(throws: SandboxError.self) { try Program.load(file + [0]) }
    }

    @Test func `code of another engine is not run`() async throws {
        let engine = try Engine(EngineSettings(memory: ProgramMemories()))
        let module = try Module(compiling: Engine.assemble("(module \(Self.memory) \(Self.start))"), in: engine)
        let file = try module.withCompiledCode {
            CodeFile.encode(
                .start, compiler: [UInt8](repeating: 0, count: 32), memoryBytes: 65_536, unknownImports: [], code: $0)
        }
        let loaded = try Program.load(file)
        try await GuestThread.run {
            let sandbox = try ProgramSandbox(permits: FreePermits())
            #expect(throws: SandboxError.self) {
                try sandbox.call(loaded, Run(parts: [], limits: .standard), Interruption()) { _ in }
            }
        }
    }
}
