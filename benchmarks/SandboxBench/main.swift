// Measures the sandbox alone: one function is called again and again on one thread, each time in a fresh image.
//
//     SandboxBench GUEST_FOLDER FUNCTION.py ARGUMENTS CALLS
//
// Prints one JSON object: times in microseconds, from entry until the slot is reset; `answered_us`, until the answer is there.

import Glibc
import Kernel
import Model
import Sandbox

guard CommandLine.arguments.count == 5, let calls = Int(CommandLine.arguments[4]), calls > 0 else {
    complain("usage: SandboxBench GUEST_FOLDER FUNCTION.py ARGUMENTS CALLS")
    exit(2)
}
let (guest, file, arguments) = (CommandLine.arguments[1], CommandLine.arguments[2], CommandLine.arguments[3])
GuestThread.start(name: "bench") {
    do {
        try run()
        exit(0)
    } catch {
        complain("SandboxBench: \(error)")
        exit(1)
    }
}
while true { pause() }

@Sendable func run() throws {
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

    func call() throws -> (whole: Int64, answered: Int64) {
        let started = nanoseconds(CLOCK_MONOTONIC)
        var answered: Int64 = 0
        let run = Run(parts: [Array(arguments.utf8), [], []], limits: .standard)
        try sandbox.call(image, run, Interruption()) { outcome in
            answered = nanoseconds(CLOCK_MONOTONIC)
            precondition(outcome.output != nil, "the call failed: \(outcome)")
        }
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
