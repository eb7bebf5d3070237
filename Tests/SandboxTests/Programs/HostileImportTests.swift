import Model
import SandboxTesting
import Testing
import Wasmtime

@testable import Sandbox

/// Every function that a module may import, called with what no compiler would produce.
@Suite struct HostileImportTests {
    static let all: [String: FunctionType] =
        (try? ProgramSandbox.linker(ProgramSandbox.engine(ProgramMemories())).definitions) ?? [:]

    /// A module that calls one import with arguments that lie in its input: 8 bytes each, over and over.
    private static func module(_ name: String, _ type: FunctionType) -> String {
        let words = name.split(separator: " ")
        let parameters = type.parameters.map { "(param \($0))" }.joined()
        let results = type.results.map { "(result \($0))" }.joined()
        let arguments = type.parameters.enumerated().map { index, type in
            "(\(type).load (i32.add (local.get 0) (i32.const \(8 * index))))"
        }
        let call = "(call $f \(arguments.joined(separator: " ")))"
        return """
            (module (import "\(words[0])" "\(words[1])" (func $f \(parameters) \(results)))
              (import "env" "__faasm_read_input" (func $input (param i32 i32) (result i32)))
              (memory (export "memory") 2) (table (export "__indirect_function_table") 4 funcref)
              (func (export "malloc") (param i32) (result i32) (i32.const 65532))
              (func (export "_start") (local i32)
                (drop (call $input (i32.const 4096) (i32.const 65536)))
                (local.set 0 (i32.const 4096))
                \(type.results.isEmpty ? call : "(drop \(call))")))
            """
    }

    private struct Platform: HostCallHandler {
        func handle(
            _ operation: UInt32, _ request: [UInt8], _ interruption: Interruption
        ) -> Result<[UInt8], HostCallFailure> {
            // What a platform answers is believed no more than what a guest asks.
            operation % 2 == 0
                ? .success(HostFields.encode([HostFields.bytes(UInt64(5)), Array("12345".utf8)]))
                : .success(HostFields.encode([HostFields.bytes(Int32(5)), Array("12345".utf8)]))
        }
    }

    @Test func `there are as many as the interface has`() {
        #expect(Self.all.keys.filter { $0.hasPrefix("wasi_snapshot_preview1 ") }.count == 46)
        #expect(Self.all.keys.filter { $0.hasPrefix("env __faasm_") }.count == 40)
    }

    @Test(arguments: all.keys.sorted())
    func `hostile arguments end in a number or a sentence`(name: String) async throws {
        let type = try #require(Self.all[name])
        let program = try Program(Self.module(name, type))
        try await GuestThread.run {
            var random = SeededGenerator(seed: UInt64(name.utf8.count))
            var limits = FunctionLimits.standard
            if name.hasSuffix("poll_oneoff") { limits.wallTimeMilliseconds = 10 }  // it sleeps
            for _ in 0..<60 {
                var input: [UInt8] = []
                for _ in type.parameters {
                    let value = HostFunctionTests.hostile.randomElement(using: &random)!
                    withUnsafeBytes(of: value) { input += $0 }
                }
                let outcome = try program.now(input, limits: limits, hostCalls: Platform())
                switch outcome.ending {
                case .returned, .exited, .memoryLimit: break
                case .trapped(let message): #expect(!message.isEmpty)
                case .interrupted: #expect(name.hasSuffix("poll_oneoff"), "\(input)")
                }
            }
        }
    }
}
