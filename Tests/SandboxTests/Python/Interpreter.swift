import Foundation
import Glibc
import Kernel
import Model
import SandboxTesting

@testable import Sandbox

/// The real interpreter, booted once for all tests; the compiled code is kept between runs.
final class Interpreter: Sendable {
    let sandbox: Sandbox
    /// Says that the kernel cannot tell private pages, as before Linux 6.7.
    let withoutScan: Sandbox

    private static let booted = Result { try Interpreter() }

    /// Boots on first use.
    static func shared() async throws -> Interpreter { try await GuestThread.run { try booted.get() } }

    private init() throws {
        let dependencies = #filePath.split(separator: "/").dropLast(4).reduce("") { "\($0)/\($1)" } + "/.deps"
        // Who changes the guest tries it with what `guest/build --print-path` names.
        let guest = ProcessInfo.processInfo.environment["SWIFTLET_GUEST"] ?? "\(dependencies)/guest"
        let module = "\(guest)/python.wasm"
        guard FileManager.default.fileExists(atPath: module) else {
            throw SandboxError("\(module) is missing: run `make deps`, or `guest/build`")
        }
        let code = try Self.compiledCode(of: module, library: "\(dependencies)/wasmtime/lib/libwasmtime.so")
        func open(_ pagemap: PageMap) throws -> Sandbox {
            try Sandbox(
                SandboxConfiguration(
                    compiledCodePath: code, libraryPath: "\(guest)/stdlib.zip",
                    interpreter: [UInt8](repeating: 7, count: 32)),
                permits: FreePermits(), pagemap: pagemap)
        }
        sandbox = try open(PageMap())
        withoutScan = try open(PageMap(withoutScan: ()))
        for each in [sandbox, withoutScan] { try each.setBase(each.bootBaseImage()) }
    }

    /// Compiling takes seconds, so what it gave is found again by the module's content and the library's.
    private static func compiledCode(of module: String, library: String) throws -> String {
        let environment = ProcessInfo.processInfo.environment
        let cache = environment["SWIFTLET_CACHE"] ?? "\(environment["HOME"] ?? "/tmp")/.cache/swiftlet"
        let key = try fingerprint(of: module) + fingerprint(of: library)
        let path = "\(cache)/code/test-\(key).cwasm"
        guard !FileManager.default.fileExists(atPath: path) else { return path }
        try FileManager.default.createDirectory(atPath: "\(cache)/code", withIntermediateDirectories: true)
        let temporary = "\(path).\(getpid())"
        try Sandbox.compile(module: module, to: temporary)
        guard rename(temporary, path) == 0 else { throw SandboxError("\(path) cannot be made") }
        return path
    }

    private static func fingerprint(of path: String) throws -> String {
        try Data(contentsOf: URL(filePath: path)).withUnsafeBytes { String(Checksum.of($0, seed: 0), radix: 16) }
    }
}

/// A function of the tests, prepared.
struct PythonFunction: Sendable {
    let image: LoadedImage
    let sandbox: Sandbox

    init(_ source: String, in sandbox: Sandbox? = nil, limits: FunctionLimits = .standard) async throws {
        let chosen: Sandbox
        if let sandbox { chosen = sandbox } else { chosen = try await Interpreter.shared().sandbox }
        self.sandbox = chosen
        image = try await GuestThread.run {
            let (outcome, image) = try chosen.prepare(Self.run(source, limits: limits), Interruption())
            guard let image else { throw SandboxError("the test's function has no image: \(Ending(outcome))") }
            return try chosen.load(image)
        }
    }

    /// Imports a module and gives what came of it.
    static func prepare(
        _ source: String, entry: String? = nil, limits: FunctionLimits = .standard
    ) async throws -> (outcome: RunOutcome, hasImage: Bool) {
        let sandbox = try await Interpreter.shared().sandbox
        return try await GuestThread.run {
            let (outcome, image) = try sandbox.prepare(run(source, entry: entry, limits: limits), Interruption())
            return (outcome, image != nil)
        }
    }

    private static func run(_ source: String, entry: String? = nil, limits: FunctionLimits) -> Run {
        let entry = entry.map { ", \"entry\": \"\($0)\"" } ?? ""
        return Run(
            parts: [
                Array(
                    """
                    {"file": "/function/trial.py", "module": "function", "root": "/function", "front": [], "back": [], \
                    "face": "faaspot"\(entry)}
                    """.utf8), Array(source.utf8),
            ], limits: limits)
    }

    /// Calls it once.
    func callAsFunction(
        _ arguments: String = "{}", context: String = "", environment: String = "", limits: FunctionLimits = .standard,
        hostCalls: (any HostCallHandler)? = nil, interruption: Interruption = Interruption()
    ) async throws -> RunOutcome {
        try await repeated(
            1, arguments, context: context, environment: environment, limits: limits, hostCalls: hostCalls,
            interruption: interruption)[0]
    }

    /// Calls it several times, one after the other, on one thread.
    func repeated(
        _ count: Int, _ arguments: String = "{}", context: String = "", environment: String = "",
        limits: FunctionLimits = .standard, hostCalls: (any HostCallHandler)? = nil,
        interruption: Interruption = Interruption()
    ) async throws -> [RunOutcome] {
        let parts = [arguments, context, environment].map { Array($0.utf8) }
        return try await GuestThread.run { [sandbox, image] in
            var outcomes: [RunOutcome] = []
            for _ in 0..<count {
                let run = Run(parts: parts, limits: limits, hostCalls: hostCalls)
                try sandbox.call(image, run, interruption) { outcomes.append($0) }
            }
            return outcomes
        }
    }
}

/// What a run came to, in the words of the tests.
struct Ending: CustomStringConvertible {
    let outcome: RunOutcome

    init(_ outcome: RunOutcome) { self.outcome = outcome }

    var description: String {
        "\(outcome.ending), error \(error ?? [:]), log \(outcome.logs.map(\.text)), files \(outcome.openPaths)"
    }

    /// The report of what was raised.
    var error: [String: any Sendable]? {
        outcome.errorReport.flatMap { try? JSONSerialization.jsonObject(with: Data($0)) as? [String: any Sendable] }
    }
}

extension RunOutcome {
    /// The encoded result as text.
    var text: String? { output.map { String(decoding: $0, as: UTF8.self) } }
    var raised: String? { Ending(self).error?["type"] as? String }
    var message: String? { Ending(self).error?["message"] as? String }
    var traceback: String? { Ending(self).error?["traceback"] as? String }
    /// Everything that was printed.
    var printed: [String] { logs.map(\.text) }
}
