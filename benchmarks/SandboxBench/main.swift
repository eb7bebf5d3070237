// Measures the sandbox alone: one function is called again and again on one thread, each time in a fresh image.
//
//     SandboxBench GUEST_FOLDER FUNCTION.py ARGUMENTS CALLS
//     SandboxBench raw CALLS       a raw WebAssembly function that does nothing, each time in a new instance
//
// Prints one JSON object: times in microseconds, from entry until the slot is reset; `answered_us`, until the answer is there.

import Glibc
import Kernel
import Model
import Sandbox

let words = Array(CommandLine.arguments.dropFirst())
let isRaw = words.count == 2 && words[0] == "raw"
guard words.count == 4 || isRaw, let calls = words.last.flatMap({ Int($0) }), calls > 0 else {
    complain("usage: SandboxBench GUEST_FOLDER FUNCTION.py ARGUMENTS CALLS, or SandboxBench raw CALLS")
    exit(2)
}
GuestThread.start(name: "bench") {
    do {
        if isRaw { try runRaw() } else { try run(guest: words[0], file: words[1], arguments: words[2]) }
        exit(0)
    } catch {
        complain("SandboxBench: \(error)")
        exit(1)
    }
}
while true { pause() }

@Sendable func runRaw() throws {
    let module = try ModuleCompiler().compile(
        NoOperation.module, compiler: [UInt8](repeating: 0, count: 32), maximumMemoryBytes: 1 << 20)
    guard let file = Descriptor.memoryFile("code"), module.withUnsafeBytes({ file.write($0) }) else {
        throw SandboxError("no memory for the code")
    }
    let sandbox = try ProgramSandbox(permits: OnePermit())
    let program = try sandbox.load(file)
    try measure { deliver in
        try sandbox.call(program, Run(parts: [[]], limits: .standard), Interruption()) { outcome in
            deliver()
            precondition(outcome.ending == .returned, "the call failed: \(outcome)")
        }
    }
}

@Sendable func run(guest: String, file: String, arguments: String) throws {
    let code = "\(guest)/python.wasm"
    let compiled = "/tmp/swiftlet-bench-\(getpid()).code"
    defer { unlink(compiled) }
    try Sandbox.compile(module: code, to: compiled)
    let sandbox = try Sandbox(
        SandboxConfiguration(
            compiledCodePath: compiled, libraryPath: "\(guest)/stdlib.zip",
            interpreter: [UInt8](repeating: 0, count: 32)),
        permits: OnePermit())
    try sandbox.setBase(sandbox.bootBaseImage())
    let manifest = Array(
        #"""
        {"file": "/function/bench.py", "module": "function", "root": "/function", "front": [], "back": [], "face": "faaspot"}
        """#.utf8)
    let (outcome, descriptor) = try sandbox.prepare(
        Run(parts: [manifest, try contents(of: file)], limits: .standard), Interruption())
    guard let descriptor else { throw SandboxError("the function cannot be imported: \(outcome)") }
    let image = try sandbox.load(descriptor)

    try measure { deliver in
        let run = Run(parts: [Array(arguments.utf8), [], []], limits: .standard)
        try sandbox.call(image, run, Interruption()) { outcome in
            deliver()
            precondition(outcome.output != nil, "the call failed: \(outcome)")
        }
    }
}

/// Makes calls and prints what they took. A call says when it has its answer.
@Sendable func measure(_ body: (_ answered: () -> Void) throws -> Void) throws {
    func call() throws -> (whole: Int64, answered: Int64) {
        let started = nanoseconds(CLOCK_MONOTONIC)
        var answered: Int64 = 0
        try body { answered = nanoseconds(CLOCK_MONOTONIC) }
        return (nanoseconds(CLOCK_MONOTONIC) - started, answered - started)
    }
    // The image is put together in one piece after some calls.
    for _ in 0..<500 { _ = try call() }
    let cpu = nanoseconds(CLOCK_THREAD_CPUTIME_ID)
    let times = try (0..<calls).map { _ in try call() }
    let used = nanoseconds(CLOCK_THREAD_CPUTIME_ID) - cpu
    let (whole, answered) = (times.map(\.whole).sorted(), times.map(\.answered).sorted())
    let total = whole.reduce(0, +)
    print(
        """
        {"throughput": \(calls * 1_000_000_000 / Int(total)), "p50": \(whole[calls / 2] / 1000), \
        "p99": \(whole[calls * 99 / 100] / 1000), "answered_us": \(answered[calls / 2] / 1000), \
        "cpu": \(Double(used) / Double(calls) / 1000)}
        """)
}

/// Writes a line to standard error.
@Sendable func complain(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
}

@Sendable func nanoseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

@Sendable func contents(of path: String) throws -> [UInt8] {
    let number = open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { throw SandboxError("\(path) cannot be opened") }
    let file = Descriptor(takingOver: number)
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = read(file.number, &bytes, bytes.count)
    return Array(bytes.prefix(max(0, count)))
}

/// Only one thread runs guests here.
struct OnePermit: Permits {
    func acquire() {}
    func release() {}
}
