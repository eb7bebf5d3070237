import Glibc
import Synchronization
import Testing
import Wasmtime

@Suite struct WasmtimeTests {
    /// What host functions of these tests note down.
    final class Notes {
        var numbers: [UInt64] = []
    }

    let source = SimpleSource()
    let notes = Notes()

    private func instance(
        _ text: String, source: SimpleSource? = nil, define: (Linker<Notes>) throws -> Void = { _ in }
    ) throws -> Instance<Notes> {
        let engine = try Engine(EngineSettings(memory: source ?? self.source, parallelCompilation: false))
        let linker = try Linker<Notes>(engine)
        try define(linker)
        let module = try linker.prepare(Module(compiling: Engine.assemble(text), in: engine))
        return try Instance(module, state: notes)
    }

    private func failure(of call: () throws -> Void) -> WasmtimeError? {
        do { try call() } catch { return error as? WasmtimeError }
        return nil
    }

    @Test func `the library computes what is known`() throws {
        try SelfCheck.run(memory: source)
    }

    @Test func `numbers of all widths reach a host function and come back`() throws {
        let instance = try instance(
            """
            (module (import "host" "take" (func $take (param i32 i64 i32) (result i64)))
              (memory (export "memory") 1)
              (func (export "run") (result i32)
                (i32.wrap_i64 (i64.shr_u
                  (call $take (i32.const -1) (i64.const -2) (i32.const 0x80000000)) (i64.const 32)))))
            """
        ) { linker in
            try linker.define("host", "take", [.i32, .i64, .i32], [.i64]) { notes, arguments throws(HostTrap) in
                notes.numbers = [UInt64(arguments.u32(0)), arguments.u64(1), UInt64(arguments.u32(2))]
                arguments.returns(i64: 42 << 32 | 7)
            }
        }
        #expect(try instance.call(instance.function("run")) == 42)
        #expect(notes.numbers == [0xFFFF_FFFF, .max - 1, 0x8000_0000])
    }

    @Test(arguments: [
        ("unreachable", TrapCode.unreachable),
        ("(drop (i32.load (i32.const 65536)))", .memoryOutOfBounds),
        ("(drop (i32.load offset=4294967295 (i32.const -1)))", .memoryOutOfBounds),
        ("(call $deep)", .stackOverflow),
        ("(call_indirect (type $other) (i64.const 1) (i32.const 0))", .badSignature),
        ("(drop (i32.div_s (i32.const 1) (i32.const 0)))", .other(7)),
    ])
    func `a trap is told apart`(body: String, expected: TrapCode) throws {
        let instance = try instance(
            """
            (module (memory (export "memory") 1) (tag $e) (type $other (func (param i64)))
              (table 1 funcref) (elem (i32.const 0) $deep)
              (func $deep (call $deep) (call $deep))
              (func (export "run") \(body)))
            """)
        let error = failure { try instance.call(instance.function("run")) }
        guard case .trap(let code, let message) = error else {
            Issue.record("no trap but \(String(describing: error))")
            return
        }
        #expect(code == expected)
        #expect(message.hasPrefix("wasm trap: ") && !message.contains("\n"))
        // The instance goes on: a trap of one call is not the end of the process, nor of the store.
        #expect(failure { try instance.call(instance.function("run")) } != nil)
    }

    @Test func `a host function's refusal ends the call with its sentence`() throws {
        let instance = try instance(
            """
            (module (import "host" "refuse" (func $refuse)) (memory (export "memory") 1)
              (func (export "run") (call $refuse)))
            """
        ) { linker in
            try linker.define("host", "refuse", [], []) { _, _ throws(HostTrap) in throw HostTrap("not with me: ü") }
        }
        let error = failure { try instance.call(instance.function("run")) }
        guard case .trap(.host, let message) = error else {
            Issue.record("no trap of the host but \(String(describing: error))")
            return
        }
        #expect(message == "not with me: ü")
    }

    @Test func `an exception that nobody catches ends the call`() throws {
        let instance = try instance(
            "(module (memory (export \"memory\") 1) (tag $e) (func (export \"run\") (throw $e)))")
        #expect(failure { try instance.call(instance.function("run")) } != nil)
    }

    @Test func `memory grows up to the host's limit and no further`() throws {
        let source = SimpleSource(limit: 3 * 65536)
        let instance = try instance(
            """
            (module (memory (export "memory") 1)
              (func (export "grow") (result i32) (memory.grow (i32.const 1)))
              (func (export "size") (result i32) (memory.size))
              (func (export "touch") (i32.store (i32.const 196604) (i32.const 7))))
            """, source: source)
        let grow = try instance.function("grow")
        #expect(try (0..<4).map { _ in try instance.call(grow) } == [1, 2, -1, -1])
        #expect(try instance.call(instance.function("size")) == 3)
        try instance.call(instance.function("touch"))
        let memory = try #require(source.last.withLock { $0 })
        #expect(memory.byteCount == 3 * 65536)
        #expect((memory.base + 196604).load(as: Int32.self) == 7)
        #expect(failure { try instance.grow(instance.memory("memory"), byPages: 1) } != nil)
    }

    @Test func `the host grows memory as the guest would`() throws {
        let instance = try instance(
            """
            (module (memory (export "memory") 1) (func (export "size") (result i32) (memory.size)))
            """)
        try instance.grow(instance.memory("memory"), byPages: 5)
        #expect(try instance.call(instance.function("size")) == 6)
    }

    @Test func `taking the memory away ends a loop that touches it`() throws {
        let instance = try instance(
            """
            (module (import "host" "take_away" (func $take_away)) (memory (export "memory") 1)
              (func (export "run") (call $take_away) (loop (i32.store (i32.const 8) (i32.const 1)) (br 0))))
            """
        ) { [source] linker in
            try linker.define("host", "take_away", [], []) { _, _ throws(HostTrap) in
                source.last.withLock { memory in
                    mprotect(memory!.base, memory!.byteCount, PROT_NONE)
                    return
                }
            }
        }
        guard case .trap(.memoryOutOfBounds, _) = failure(of: { try instance.call(instance.function("run")) }) else {
            Issue.record("the loop was not ended by a trap")
            return
        }
    }

    @Test func `what cannot be had is an error with words`() throws {
        #expect(failure { _ = try Engine.assemble("(module") } != nil)
        let engine = try Engine(EngineSettings(memory: source, parallelCompilation: false))
        #expect(failure { _ = try Module(compiling: [1, 2, 3], in: engine) } != nil)
        #expect(failure { _ = try Module(compiledCodeAt: "/nonexistent", in: engine) } != nil)
        let instance = try instance("(module (memory (export \"memory\") 1) (func (export \"run\")))")
        #expect(failure { _ = try instance.function("absent") } == .failure("the module exports no function `absent`"))
        #expect(failure { _ = try instance.memory("run") } == .failure("the module exports no memory `run`"))
        #expect(failure { _ = try self.instance("(module (import \"a\" \"b\" (func)))") } != nil)
        #expect(failure { _ = try self.instance("(module (memory 1))", source: SimpleSource(isEmpty: true)) } != nil)
    }

    @Test func `compiled code runs again from a file, and only in an engine of the same settings`() throws {
        let text = "(module (memory (export \"memory\") 1) (func (export \"run\") (result i32) (i32.const 11)))"
        let path = "/tmp/swiftlet-wasmtime-test-\(getpid())"
        defer { unlink(path) }
        let engine = try Engine(EngineSettings(memory: source, parallelCompilation: false))
        try Module(compiling: Engine.assemble(text), in: engine).withCompiledCode { code in
            let file = fopen(path, "w")
            fwrite(code.baseAddress, 1, code.count, file)
            fclose(file)
        }
        let other = try Engine(EngineSettings(memory: source, parallelCompilation: false))
        let module = try Linker<Notes>(other).prepare(Module(compiledCodeAt: path, in: other))
        let instance = try Instance(module, state: Notes())
        #expect(try instance.call(instance.function("run")) == 11)
    }
}
