import Foundation
import Model
import Sandbox
import SandboxTesting
import Synchronization
import Testing

/// The examples in C, compiled by Debian's clang with wasi-libc: `scripts/wasm-examples`.
@Suite struct ExampleProgramTests {
    private func example(_ name: String) throws -> Program {
        let root = #filePath.split(separator: "/").dropLast(4).reduce("") { "\($0)/\($1)" }
        let path = "\(root)/.deps/faasm/\(name).wasm"
        guard let module = FileManager.default.contents(atPath: path) else {
            throw SandboxError("\(path) is missing: run `scripts/wasm-examples`")
        }
        return try Program(module: Array(module))
    }

    @Test func `hello greets, and is told its words`() async throws {
        let program = try example("hello")
        #expect(program.unknownImports.isEmpty)
        let outcome = try await program(program: ProgramInput(arguments: ["function.wasm", "me"]))
        #expect(outcome.ending == .returned)
        #expect(outcome.text == "Hello from function.wasm to me!")
        #expect(outcome.printed == ["Hello from function.wasm to me!"])
    }

    @Test func `echo takes bytes of any value`() async throws {
        let program = try example("echo")
        let input = [UInt8](0...255) + [UInt8](repeating: 0, count: 100_000)
        #expect(try await program(input).output == input)
        #expect(try await program([]).output == [])
    }

    @Test func `chain starts functions of its own module and gets what they put out`() async throws {
        let program = try example("chain")
        let platform = FakePlatform(callee: program)
        let outcome = try await program(hostCalls: platform)
        #expect(outcome.ending == .returned, "\(outcome.ending)")
        #expect(outcome.text == "4321 4 7")
        let chained = platform.memory.withLock { $0.chained }
        #expect(chained.map(\.input) == [Array("1234".utf8), Array("5678".utf8)])
        #expect(chained.allSatisfy { $0.name.isEmpty && $0.entry.hasPrefix("#") })
    }

    @Test func `state is read and written in every way`() async throws {
        let platform = FakePlatform()
        let outcome = try await example("state")(hostCalls: platform)
        #expect(outcome.ending == .returned, "line \(outcome.ending)")
        // What was flagged through a pointer and never pushed is there after the end.
        #expect(platform.values["values"] == Array("end995678z".utf8))
        let operations = platform.memory.withLock { $0.operations }
        #expect(operations.filter { $0 == 43 || $0 == 44 } == [43, 44])
        #expect(operations.contains(36) && operations.contains(37))
    }

    @Test func `loops computes, and its own codes are told`() async throws {
        let program = try example("loops")
        #expect(try await program(Array("100000".utf8)).text == "9592")
        #expect(try await program(Array("none".utf8)).ending == .exited(code: 1))
        var limits = FunctionLimits.standard
        limits.memoryBytes = 48 << 20
        #expect(try await program(Array("99999999".utf8), limits: limits).ending == .exited(code: 12))
    }

    @Test func `files are those of the call`() async throws {
        let program = try example("files")
        for _ in 0..<2 {
            let outcome = try await program(program: ProgramInput(environment: ["WHO=me"]))
            #expect(outcome.ending == .returned, "line \(outcome.ending)")
        }
    }

    @Test func `an entry that is not there is told by its name`() async throws {
        let program = try example("echo")
        for entry in ["#99999", "#x", "#", "nothing", "memory", "malloc"] {
            guard case .trapped(let message) = try await program(program: ProgramInput(entry: entry)).ending else {
                Issue.record("\(entry) was entered")
                continue
            }
            #expect(message.contains("no function `\(entry)`"), "\(message)")
        }
    }
}
