// Measures the sandbox alone: one function is called again and again on one thread, each time in a fresh image.
//
//     SandboxBench GUEST_FOLDER FUNCTION.py ARGUMENTS CALLS
//     SandboxBench raw CALLS       a raw WebAssembly function that does nothing, each time in a new instance
//     SandboxBench restore GUEST_FOLDER CALLS
//                                  many functions in turn in one slot, which thus never holds the image that is called
//
// Prints one JSON object: times in microseconds, from entry until the slot is reset; `answered_us`, until the answer is there;
// with `restore`, until the first instruction of the user's code.

import Glibc
import Kernel
import Model
import Sandbox

let words = Array(CommandLine.arguments.dropFirst())
let isRaw = words.count == 2 && words[0] == "raw"
let isRestore = words.count == 3 && words[0] == "restore"
guard words.count == 4 || isRaw || isRestore, let calls = words.last.flatMap({ Int($0) }), calls > 0 else {
    complain(
        "usage: SandboxBench GUEST_FOLDER FUNCTION.py ARGUMENTS CALLS, or raw CALLS, or restore GUEST_FOLDER CALLS")
    exit(2)
}
GuestThread.start(name: "bench") {
    do {
        if isRaw {
            try runRaw()
        } else if isRestore {
            try runRestore(guest: words[1])
        } else {
            try run(guest: words[0], file: words[1], arguments: words[2])
        }
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
    let sandbox = try interpreter(guest)
    let image = try image(of: contents(of: file), in: sandbox)

    try measure { deliver in
        let run = Run(parts: [Array(arguments.utf8), [], []], limits: .standard)
        try sandbox.call(image, run, Interruption()) { outcome in
            deliver()
            precondition(outcome.output != nil, "the call failed: \(outcome)")
        }
    }
}

/// The functions are as many as a worker has slots for, and more.
@Sendable func runRestore(guest: String) throws {
    let sandbox = try interpreter(guest, slots: 1)
    let images = try (0..<64).map { number in
        let code = "import time\nNUMBER = \(number)\n\ndef main(args, context):\n    return time.monotonic_ns()\n"
        return try image(of: Array(code.utf8), in: sandbox)
    }
    let first = try (0..<calls).map { number in
        let (started, run) = (nanoseconds(CLOCK_MONOTONIC), Run(parts: [Array("{}".utf8), [], []], limits: .standard))
        var entered: Int64 = 0
        try sandbox.call(images[number % images.count], run, Interruption()) { outcome in
            entered = outcome.output.flatMap { Int64(String(decoding: $0, as: UTF8.self)) } ?? 0
        }
        precondition(entered > started, "the call failed")
        return entered - started
    }.sorted()
    print("{\"p50\": \(first[calls / 2] / 1000), \"p99\": \(first[calls * 99 / 100] / 1000)}")
}

@Sendable func interpreter(_ guest: String, slots: Int = 64) throws -> Sandbox {
    let compiled = "/tmp/swiftlet-bench-\(getpid()).code"
    defer { unlink(compiled) }
    try Sandbox.compile(module: "\(guest)/python.wasm", to: compiled)
    let sandbox = try Sandbox(
        SandboxConfiguration(
            compiledCodePath: compiled, libraryPath: "\(guest)/stdlib.zip",
            interpreter: [UInt8](repeating: 0, count: 32), maximumSlots: slots),
        permits: OnePermit())
    try sandbox.setBase(sandbox.bootBaseImage())
    return sandbox
}

@Sendable func image(of code: [UInt8], in sandbox: Sandbox) throws -> LoadedImage {
    let manifest = Array(
        #"""
        {"file": "/function/bench.py", "module": "function", "root": "/function", "front": [], "back": [], "face": "faaspot"}
        """#.utf8)
    let (outcome, descriptor) = try sandbox.prepare(
        Run(parts: [manifest, code], limits: .standard), Interruption())
    guard let descriptor else { throw SandboxError("the function cannot be imported: \(outcome)") }
    return try sandbox.load(descriptor)
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
