/// Checks at start that the library is the one whose structures are declared here: a tiny module must compute what we know.
public enum SelfCheck {
    private final class Probe {
        var seen: UInt32 = 0
    }

    /// Throws `unexpectedLibrary` where a module, a host function, a memory or a trap does not behave as declared.
    public static func run(memory: any MemorySource) throws(WasmtimeError) {
        let engine = try Engine(EngineSettings(memory: memory, parallelCompilation: false))
        let bytes = try Engine.assemble(
            """
            (module (import "probe" "take" (func $take (param i32 i64) (result i32)))
              (memory (export "memory") 1)
              (func (export "answer") (result i32)
                (i32.store (i32.const 8) (call $take (i32.const 40) (i64.const 2)))
                (i32.load (i32.const 8)))
              (func (export "fail") unreachable))
            """)
        let module = try Module(compiling: bytes, in: engine)
        let linker = try Linker<Probe>(engine)
        try linker.define("probe", "take", [.i32, .i64], [.i32]) { probe, arguments throws(HostTrap) in
            probe.seen = arguments.u32(0)
            arguments.returns(i32: Int32(arguments.u32(0)) + Int32(arguments.i64(1)))
        }
        let probe = Probe()
        let instance = try Instance(linker.prepare(module), state: probe)
        guard try instance.call(instance.function("answer")) == 42, probe.seen == 40 else {
            throw .unexpectedLibrary("a known calculation gave another result")
        }
        do throws(WasmtimeError) {
            try instance.call(instance.function("fail"))
            throw .unexpectedLibrary("a trap was not reported")
        } catch {
            guard case .trap(.unreachable, _) = error else { throw error }
        }
    }
}
