import Model
import Sandbox
import SandboxTesting
import Testing

/// What a raw WebAssembly function is given, and how it ends.
@Suite struct ProgramTests {
    static let echo = """
        (module
          (import "env" "__faasm_read_input" (func $read (param i32 i32) (result i32)))
          (import "env" "__faasm_write_output" (func $write (param i32 i32)))
          (memory (export "memory") 4)
          (func (export "_start")
            (call $write (i32.const 16)
              (call $read (i32.const 16) (call $read (i32.const 0) (i32.const 0))))))
        """

    private func ending(of body: String, imports: String = "", limits: FunctionLimits = .standard) async throws
        -> RunEnding
    {
        try await Program(
            "(module \(imports) (memory (export \"memory\") 1) (func $go (export \"_start\") \(body)))", limits: limits)(
                limits: limits
            ).ending
    }

    @Test func `the input comes back as the output`() async throws {
        let program = try Program(Self.echo)
        for input in [Array("hello".utf8), [0, 1, 0, 255], [UInt8](repeating: 7, count: 200_000)] {
            let outcome = try await program(input)
            #expect(outcome.ending == .returned)
            #expect(outcome.output == input)
        }
    }

    @Test func `output beyond the limit is cut`() async throws {
        var limits = FunctionLimits.standard
        limits.outputBytes = 1024
        let outcome = try await Program(Self.echo)([UInt8](repeating: 1, count: 2000), limits: limits)
        #expect(outcome.output?.count == 1024)
        #expect(outcome.outputWasCut)
    }

    @Test(arguments: [(0, RunEnding.returned), (3, .exited(code: 3)), (-1, .exited(code: -1))])
    func `proc_exit ends a run with its code`(code: Int, ending: RunEnding) async throws {
        let imports = #"(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))"#
        #expect(try await self.ending(of: "(call $exit (i32.const \(code))) unreachable", imports: imports) == ending)
    }

    @Test func `main may stand for _start, and what it returns is the code`() async throws {
        for parameters in ["", "(param i32 i32)"] {
            let program = try Program(
                """
                (module (memory (export "memory") 1) (global $ready (mut i32) (i32.const 0))
                  (func (export "__wasm_call_ctors") (global.set $ready (i32.const 5)))
                  (func (export "main") \(parameters) (result i32) (global.get $ready)))
                """)
            #expect(try await program().ending == .exited(code: 5))
        }
    }

    @Test func `an unknown import is accepted, named, and traps by its name`() async throws {
        let program = try Program(
            """
            (module (import "env" "fork" (func $fork (result i32))) (import "other" "thing" (func (param f64 i64)))
              (memory (export "memory") 1) (func $deep (drop (call $fork))) (func $go (export "_start") (call $deep)))
            """)
        #expect(program.unknownImports == ["env.fork", "other.thing"])
        guard case .trapped(let message) = try await program().ending else { return #expect(Bool(false)) }
        let lines = message.split(separator: "\n")
        #expect(lines.first == "the module called `env.fork`, which does not exist here")
        #expect(lines.dropFirst().map { $0.prefix { $0 != " " } }.suffix(2) == ["deep", "go"], "\(message)")
    }

    @Test func `a trap is told in words, with where it was`() async throws {
        func told(_ body: String) async throws -> [Substring] {
            guard case .trapped(let message) = try await ending(of: body) else { return [] }
            return message.split(separator: "\n")
        }
        let outside = try await told("(drop (i32.load (i32.const 65536)))")
        #expect(outside.first == "the module read or wrote outside of its memory")
        #expect(outside.last?.hasPrefix("go at byte ") == true, "\(outside)")
        #expect(try await told("unreachable").first?.contains("unreachable") == true)
        #expect(try await told("(call $go)").first == "call stack exhausted")
        #expect(
            try await told("(drop (i32.div_u (i32.const 1) (i32.const 0)))").first?.contains("divide by zero") == true)
    }

    @Test func `arguments, environment and standard input are those of the call`() async throws {
        let program = try Program(
            """
            (module
              (import "wasi_snapshot_preview1" "args_get" (func $args (param i32 i32) (result i32)))
              (import "wasi_snapshot_preview1" "environ_get" (func $environ (param i32 i32) (result i32)))
              (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
              (import "env" "__faasm_write_output" (func $write (param i32 i32)))
              (memory (export "memory") 1)
              (func (export "_start")
                (drop (call $args (i32.const 0) (i32.const 1000)))
                (drop (call $environ (i32.const 100) (i32.const 1020)))
                (i32.store (i32.const 200) (i32.const 1030)) (i32.store (i32.const 204) (i32.const 100))
                (drop (call $read (i32.const 0) (i32.const 200) (i32.const 1) (i32.const 208)))
                (call $write (i32.const 1000) (i32.add (i32.const 30) (i32.load (i32.const 208))))))
            """)
        let outcome = try await program(
            Array("input".utf8), program: ProgramInput(arguments: ["function.wasm", "a", ""], environment: ["K=v"]))
        #expect(
            outcome.output
                == Array("function.wasm\0a\0\0\0\0\0K=v\0\0\0\0\0\0\0input".utf8),
            "\(outcome.output?.hexadecimal ?? "")")
    }

    @Test func `what is printed is the log, and both preopened directories are there`() async throws {
        let program = try Program(
            """
            (module
              (import "wasi_snapshot_preview1" "fd_prestat_dir_name" (func $name (param i32 i32 i32) (result i32)))
              (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
              (memory (export "memory") 1) (data (i32.const 8) "\\00\\01\\00\\00\\03\\00\\00\\00") (data (i32.const 258) "\\0a")
              (func (export "_start")
                (drop (call $name (i32.const 3) (i32.const 256) (i32.const 1)))
                (drop (call $name (i32.const 4) (i32.const 257) (i32.const 1)))
                (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 0)))
                (drop (call $write (i32.const 2) (i32.const 8) (i32.const 1) (i32.const 0)))))
            """)
        let outcome = try await program()
        #expect(outcome.logs.map(\.text) == ["/.", "/."])
        #expect(outcome.logs.map(\.stream) == [.stdout, .stderr])
        #expect(outcome.output == nil)
    }

    @Test func `nothing of a call is seen by the next`() async throws {
        let program = try Program(
            """
            (module
              (import "env" "__faasm_write_output" (func $write (param i32 i32)))
              (memory (export "memory") 2) (data (i32.const 65000) "\\01") (data (i32.const 70000) "\\01")
              (global $calls (mut i32) (i32.const 1)) (table 1 4 funcref) (elem declare func $go)
              (func $add (param i32) (i32.store8 (local.get 0) (i32.add (i32.load8_u (local.get 0)) (i32.const 1))))
              (func $go (export "_start")
                (call $add (i32.const 65000)) (call $add (i32.const 70000)) (call $add (i32.const 131071))
                (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
                (i32.store8 (i32.const 16) (i32.load8_u (i32.const 65000)))
                (i32.store8 (i32.const 17) (i32.load8_u (i32.const 70000)))
                (i32.store8 (i32.const 18) (i32.load8_u (i32.const 131071)))
                (i32.store8 (i32.const 19) (global.get $calls))
                (i32.store8 (i32.const 20) (ref.is_null (table.get (i32.const 0))))
                (i32.store8 (i32.const 21) (memory.grow (i32.const 3)))
                (i32.store8 (i32.const 22) (i32.load8_u (i32.const 327679)))
                (i32.store8 (i32.const 327679) (i32.const 9))
                (table.set (i32.const 0) (ref.func $go))
                (call $write (i32.const 16) (i32.const 7))))
            """)
        let outcomes = try await GuestThread.run { try (0..<5).map { _ in try program.now() } }
        #expect(outcomes.map(\.ending) == Array(repeating: .returned, count: 5))
        #expect(outcomes.map(\.output) == Array(repeating: [2, 2, 1, 2, 1, 2, 0], count: 5))
    }

    @Test func `exceptions are caught and thrown`() async throws {
        let program = try Program(
            """
            (module (import "env" "__faasm_write_output" (func $write (param i32 i32)))
              (memory (export "memory") 1) (tag $error (param i32))
              (func (export "_start")
                (i32.store (i32.const 0)
                  (block $caught (result i32)
                    (try_table (result i32) (catch $error $caught) (throw $error (i32.const 42)))))
                (call $write (i32.const 0) (i32.const 4))
                (if (i32.load (i32.const 4)) (then (throw $error (i32.const 1))))))
            """)
        let outcome = try await program()
        #expect(outcome.ending == .returned)
        #expect(outcome.output == [42, 0, 0, 0])
    }

    @Test func `a hook prepares what calls start from, and refuses the module where it fails`() async throws {
        func module(_ hook: String) -> String {
            """
            (module (import "env" "__faasm_write_output" (func $write (param i32 i32)))
              (memory (export "memory") 1) (global $ready (mut i32) (i32.const 0))
              (func (export "__wasm_call_ctors") (global.set $ready (i32.add (global.get $ready) (i32.const 1))))
              (func (export "_faasm_zygote") (result i32) \(hook))
              (func $go (export "_start")
                (i32.store8 (i32.const 17) (global.get $ready)) (call $write (i32.const 16) (i32.const 2))
                (i32.store8 (i32.const 16) (i32.const 0)))
              (func (export "other") (call $go)))
            """
        }
        let program = try Program(module("(i32.store8 (i32.const 16) (i32.const 9)) (i32.const 0)"))
        for entry in ["", "", "other"] {
            #expect(try await program(program: ProgramInput(entry: entry)).output == [9, 1])
        }
        for (hook, reason) in [
            ("(i32.const 3)", "the module's `_faasm_zygote` returned 3"),
            ("unreachable", "the module's `_faasm_zygote` failed: the module reached an instruction that ends it"),
        ] {
            let error = #expect(throws: ModuleRefusal.self) { try Program(module(hook)) }
            #expect(error?.message.hasPrefix(reason) == true, "\(error?.message ?? "")")
        }
    }

    @Test(arguments: [16, 2 << 20])
    func `calls start from memory and variables as the hook left them, without running it`(filled: Int) async throws {
        let program = try Program(
            """
            (module (import "env" "__faasm_write_output" (func $write (param i32 i32)))
              (import "env" "__faasm_backtrace" (func $print (param i32)))
              (memory (export "memory") 1) (global $fixed i32 (i32.const 4))
              (global $a (mut i64) (i64.const 1)) (global $b (mut f64) (f64.const 0.5))
              (global $c (mut v128) (v128.const i64x2 0 0)) (data (i32.const 100) "begin")
              (func (export "_faasm_zygote") (result i32)
                (call $print (i32.const 1)) (drop (memory.grow (i32.const 40)))
                (global.set $a (i64.const -5)) (global.set $b (f64.const 2)) (global.set $c (v128.const i64x2 7 8))
                (i32.store (i32.const 100) (i32.const 0)) (memory.fill (i32.const 65536) (i32.const 9) (i32.const \(filled)))
                (i32.const 0))
              (func (export "_start")
                (i64.store (i32.const 16) (global.get $a)) (f64.store (i32.const 24) (global.get $b))
                (v128.store (i32.const 32) (global.get $c)) (i64.store (i32.const 48) (i64.load (i32.const 65536)))
                (i64.store (i32.const 56) (i64.load (i32.const 100)))
                (i64.store (i32.const 64) (i64.extend_i32_u (memory.size)))
                (call $write (i32.const 16) (i32.const 56))
                (global.set $a (i64.const 0)) (memory.fill (i32.const 0) (i32.const 1) (i32.const 2000000))))
            """)
        #expect(!program.repeatsHook)
        for _ in 0..<3 {
            let outcome = try await program()
            #expect(outcome.ending == .returned, "\(outcome.ending)")
            let words = (outcome.output ?? []).withUnsafeBytes { Array($0.bindMemory(to: Int64.self)) }
            #expect(words == [-5, 0x4000_0000_0000_0000, 7, 8, 0x0909_0909_0909_0909, 0x6E_0000_0000, 41])
            #expect(outcome.logs.isEmpty, "the hook is not run again")
        }
        // A run that may not have as much memory does not begin.
        var limits = FunctionLimits.standard
        limits.memoryBytes = 1 << 20
        #expect(try await program(limits: limits).ending == .memoryLimit)
    }

    @Test(arguments: [
        "(table.set (i32.const 0) (ref.func $go))", "(global.set $reference (ref.func $go))",
        "(global.set $ready (i32.const 2))",
    ])
    func `a hook that leaves what is not kept is run in each call`(hook: String) async throws {
        let isReference = !hook.contains("$ready")
        let program = try Program(
            """
            (module (import "env" "__faasm_write_output" (func $write (param i32 i32)))
              (memory (export "memory") 1) (table 1 funcref) (elem declare func $go)
              (global $ready (mut i32) (i32.const 0))
              \(hook.contains("$reference") ? "(global $reference (mut funcref) (ref.null func))" : "")
              (func (export "_faasm_zygote") (result i32) (global.set $ready (i32.const 2)) \(hook) (i32.const 0))
              (func $go (export "_start")
                (i32.store (i32.const 16) (global.get $ready)) (call $write (i32.const 16) (i32.const 1))))
            """)
        #expect(program.repeatsHook == isReference)
        for _ in 0..<2 { #expect(try await program().output == [2]) }
    }

    @Test func `a back-trace is printed where it is asked for, and the run goes on`() async throws {
        let outcome = try await Program(
            """
            (module (import "env" "__faasm_backtrace" (func $print (param i32))) (memory (export "memory") 1)
              (func $inner (call $print (i32.const 0)) (call $print (i32.const 1)))
              (func $outer (export "_start") (call $inner)))
            """)()
        #expect(outcome.ending == .returned)
        let functions = outcome.logs.map { $0.text.split(separator: " ")[0] }
        #expect(functions == ["inner", "outer", "inner"] && outcome.logs.allSatisfy { $0.stream == .stderr })
    }

    @Test func `attributes of threads and mutexes are set and read`() async throws {
        let names = ["mutexattr_setrobust", "mutexattr_getpshared", "attr_getstacksize", "condattr_setpshared"]
        let imports = names.map {
            "(import \"env\" \"pthread_\($0)\" (func $\($0) (param i32 i32) (result i32)))"
        }
        let calls = names.map { "(if (call $\($0) (i32.const 16) (i32.const 32)) (then unreachable))" }
        let text =
            "(module \(imports.joined()) (memory (export \"memory\") 1) (func (export \"_start\") \(calls.joined())))"
        let program = try Program(text)
        #expect(program.unknownImports.isEmpty)
        #expect(try await program().ending == .returned)
    }
}
