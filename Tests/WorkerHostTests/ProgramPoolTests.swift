import Foundation
import Logging
import Model
import Testing
import Wasmtime

@testable import WorkerHost

/// Raw WebAssembly functions in real workers: compiled by one process, run by another.
@Suite(.serialized) struct ProgramPoolTests {
    private static let echo = """
        (module
          (import "env" "__faasm_read_input" (func $read (param i32 i32) (result i32)))
          (import "env" "__faasm_write_output" (func $write (param i32 i32)))
          (import "env" "dlopen" (func $open (param i32 i32) (result i32)))
          (memory (export "memory") 4)
          (func (export "_start")
            (call $write (i32.const 16) (call $read (i32.const 16) (i32.const 1000))))
          (func (export "_faasm_zygote") (result i32) (i32.const 0))
          (func (export "fail") (result i32) (i32.const 9))
          (func $inner (drop (call $open (i32.const 0) (i32.const 0))))
          (func (export "trap") (call $inner)))
        """

    private func withPool(_ body: (WorkerPool, _ folder: String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "swiftlet-pool-\(UUID().uuidString)").path()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let root = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
        // The test bundle and the program are built into the same folder.
        let bundle = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let cache = ProcessInfo.processInfo.environment["SWIFTLET_CACHE"] ?? "\(NSHomeDirectory())/.cache/swiftlet"
        let pool = try WorkerPool(
            WorkerPoolConfiguration(
                executablePath: bundle.appending(path: "swiftlet").path(), guestFolder: "\(root)/.deps/guest",
                codeFolder: "\(cache)/code", imagesFolder: folder),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup { group in
            group.addTask { try await pool.run() }
            try await pool.openSpot(1, SpotSize(minimumWorkers: 1, maximumWorkers: 2))
            try await body(pool, folder)
            await pool.closeSpot(1)
            group.cancelAll()
        }
    }

    private func request(_ module: [UInt8]) throws -> PrepareRequest {
        PrepareRequest(
            key: FunctionKey(name: try FunctionName("trial")), face: .faasm, entry: nil, code: .webAssembly(module),
            limits: .standard)
    }

    private func call(
        _ image: ImageID, _ input: String = "", detail: String = "", limits: FunctionLimits = .standard
    ) throws -> CallRequest {
        let id = UUID7(high: .random(in: 0 ... .max), low: .random(in: 0 ... .max))
        return CallRequest(
            id: id, image: image, function: FunctionKey(name: try FunctionName("trial")), limits: limits,
            input: Array(input.utf8), detail: Array(detail.utf8))
    }

    @Test func `a module is compiled, stored and called`() async throws {
        try await withPool { pool, folder in
            let module = try Engine.assemble(Self.echo)
            let prepared = try await pool.prepare(request(module))
            let image = try prepared.result.get()
            #expect(
                prepared.warnings == ["the module imports `env.dlopen`, which does not exist here: a call of it fails"])
            // The same bytes are the same image, and their warnings are told again.
            #expect(try await pool.prepare(request(module)) == prepared)
            for input in ["hello", "", "again"] {
                let outcome = try await pool.call(call(image, input))
                #expect(outcome.fault == nil, "\(outcome)")
                #expect(outcome.output == Array(input.utf8))
            }
            let failed = try await pool.call(call(image, detail: #"{"entry":"fail"}"#))
            #expect(failed.fault?.kind == .exited && failed.fault?.exitCode == 9)
            let trapped = try await pool.call(call(image, detail: #"{"entry":"trap"}"#))
            #expect(trapped.fault?.kind == .trapped)
            #expect(trapped.fault?.message.contains("`env.dlopen`") == true, "\(trapped)")
            #expect(trapped.fault?.traceback?.hasPrefix("inner at byte ") == true, "\(trapped)")
        }
    }

    @Test func `damaged code is found out and made anew`() async throws {
        try await withPool { pool, folder in
            let module = try Engine.assemble(Self.echo)
            let prepared = try await pool.prepare(request(module))
            let image = try prepared.result.get()
            try damage(folder)
            await #expect(throws: SandboxRefusal.imageUnavailable(image)) { try await pool.call(call(image)) }
            #expect(try await pool.prepare(request(module)) == prepared)
            try damage(folder)
            #expect(try await pool.prepare(request(module)) == prepared)
            #expect(try await pool.call(call(image, "anew")).output == Array("anew".utf8))
        }
    }

    /// Changes a byte of every file of compiled code.
    private func damage(_ folder: String) throws {
        for path in FileManager.default.enumerator(atPath: folder)?.compactMap({ $0 as? String }) ?? []
        where path.hasSuffix(".code") {
            var bytes = try Data(contentsOf: URL(filePath: "\(folder)/\(path)"))
            bytes[bytes.count / 2] ^= 1
            try bytes.write(to: URL(filePath: "\(folder)/\(path)"), options: .atomic)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: "\(folder)/\(path)")
        }
    }

    @Test func `a module that cannot run is refused with the reason, as its author's fault`() async throws {
        try await withPool { pool, _ in
            func reason(_ module: [UInt8]) async throws -> String? {
                guard case .failure(let fault) = try await pool.prepare(request(module)).result else { return nil }
                #expect(fault.type == "InvalidModule" && fault.kind == .raised)
                return fault.message
            }
            #expect(try await reason(Array("no module".utf8))?.contains("no WebAssembly module") == true)
            #expect(try await reason(Engine.assemble("(module)"))?.contains("no memory") == true)
            var broken = try Engine.assemble(Self.echo)
            broken[broken.count / 2] ^= 0xFF
            broken[broken.count / 2 + 1] ^= 0xFF
            #expect(try await reason(broken) != nil)
        }
    }

    @Test func `a loop that touches no memory ends with its limit, and the worker lives`() async throws {
        try await withPool { pool, _ in
            let module = try Engine.assemble(
                """
                (module (memory (export "memory") 1) (func (export "_start") (loop $l (br $l)))
                  (func (export "quick")))
                """)
            let image = try await pool.prepare(request(module)).result.get()
            var limits = FunctionLimits.standard
            limits.cpuTimeMilliseconds = 50
            let outcome = try await pool.call(call(image, limits: limits))
            #expect(outcome.fault?.kind == .timedOut)
            #expect(outcome.fault?.message == "the call exceeded its limit of 0.05 s of processor time")
            #expect(try await pool.call(call(image, detail: #"{"entry":"quick"}"#)).fault == nil)
        }
    }
}
