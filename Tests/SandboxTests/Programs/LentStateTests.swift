import Kernel
import Model
import Sandbox
import SandboxTesting
import Synchronization
import Testing

/// Runs that read shared state which their worker holds copies of.
@Suite struct LentStateTests {
    private static let reader = """
        (module
          (import "env" "__faasm_read_state" (func $read (param i32 i32 i32) (result i32)))
          (import "env" "__faasm_write_output" (func $write (param i32 i32)))
          (memory (export "memory") 4)
          (data (i32.const 0) "k\\00")
          (func (export "_start")
            (call $write (i32.const 16) (call $read (i32.const 0) (i32.const 16) (i32.const 100000)))))
        """

    @Test func `a value that was lent is read without asking, by calls of its tenant, until it is another`()
        async throws
    {
        let program = try Program(Self.reader)
        let platform = FakePlatform(values: ["k": Array("asked".utf8)])
        let (counters, copies) = (try #require(SharedCounters()), StateCopies())
        copies.setGenerations(counters.file)
        func read(as tenant: String) async throws -> [UInt8]? {
            try await program(hostCalls: platform, state: StateReader(copies, tenant: tenant)).output
        }

        copies.take(Array("lent".utf8), tenant: "ann", key: "k", place: 5, generation: 0)
        #expect(try await read(as: "ann") == Array("lent".utf8))
        #expect(platform.memory.withLock { $0.operations } == [])
        #expect(try await read(as: "ben") == Array("asked".utf8))

        counters.advance(5)
        #expect(try await read(as: "ann") == Array("asked".utf8))
        let asked = platform.memory.withLock { $0.operations }

        let long = try #require(Descriptor.sealedMemoryFile("test", count: 50_000, [(offset: 49_999, bytes: [7])]))
        copies.take(long, tenant: "ann", key: "k", place: 5, generation: 0)
        #expect(try await read(as: "ann") == Array("asked".utf8), "it was too old when it came")
        copies.take(long, tenant: "ann", key: "k", place: 5, generation: 1)
        #expect(try await read(as: "ann") == [UInt8](repeating: 0, count: 49_999) + [7])
        #expect(platform.memory.withLock { $0.operations }.count == asked.count + 1)
    }
}
