import Model
import Sandbox
import SandboxTesting
import Testing

/// Hand-written modules that call the host with what no compiler would produce.
@Suite struct HostFunctionTests {
    /// What attackers try first, for a memory of 128 KiB.
    static let hostile: [UInt64] = [
        0, 1, 2, 3, 4, 5, 7, 8, 16, 100, 255, 256, 512, 600, 1000, 4095, 4096, 65_535, 65_536, 131_056, 131_064,
        131_068, 131_071,
        131_072, 131_073, 0x7FFF_FFF8, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_0000, 0xFFFF_FFF0, 0xFFFF_FFF8, 0xFFFF_FFFC,
        0xFFFF_FFFF, 0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, 0xFFFF_FFFF_FFFF_FFFF,
    ]

    /// Paths, vectors of buffers and subscriptions that arguments like 0, 100, 256 or 600 happen to point at.
    static func bait(_ guest: ScriptedGuest, _ random: inout SeededGenerator) {
        guest.write(random.bytes(1000), at: 0)
        let paths = ["tmp/a", "../../etc/passwd", "/tmp/../tmp/b\0c", "lib/readable", "tmp", "."]
        guest.write(Array(paths.randomElement(using: &random)!.utf8), at: 100)
        for address in stride(from: 256, to: 600, by: 8) {
            let value = hostile.randomElement(using: &random)! | (hostile.randomElement(using: &random)! << 32)
            withUnsafeBytes(of: value) { guest.write(Array($0), at: address) }
        }
        guest.write([UInt8](repeating: 0, count: 48), at: 600)
    }

    static func call(_ function: HostFunction.Signature, _ random: inout SeededGenerator) -> ScriptedCall {
        ScriptedCall(function.name, function.parameters.map { _ in hostile.randomElement(using: &random)! })
    }

    @Test(arguments: HostFunction.all.map(\.name))
    func `hostile arguments end in an error number or a sentence`(name: String) async throws {
        let function = HostFunction.all.first { $0.name == name }!
        try await GuestThread.run {
            var random = SeededGenerator(seed: UInt64(name.utf8.count))
            let host = try ScriptedHost()
            var guest = try host.guest()
            let neighbour = try host.guest()
            var limits = FunctionLimits.standard
            if name == "poll_oneoff" { limits.wallTimeMilliseconds = 20 }  // it sleeps
            for round in 0..<200 {
                Self.bait(guest, &random)
                let call = Self.call(function, &random)
                let outcome = guest.run([Self.opening, call], limits: limits).run
                switch outcome.ending {
                case .returned, .exited: break
                case .trapped(let sentence): #expect(!sentence.isEmpty && !sentence.contains("\n"), "\(call)")
                case .interrupted: #expect(name == "poll_oneoff", "\(call)")
                case .memoryLimit: Issue.record("round \(round): \(call) ended with \(outcome.ending)")
                }
                if !guest.isAlive { guest = try host.guest() }
            }
            let answer = neighbour.run([ScriptedCall("recurse", 10)])
            #expect(answer.results == [10])
        }
    }

    /// Opens `tmp/a` as descriptor 4.
    private static let opening = ScriptedCall("path_open", 3, 0, 100, 5, 1, 0x42, 0, 0, 900)

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `so do long hostile programs over open files`(seed: UInt64) async throws {
        try await GuestThread.run {
            var random = SeededGenerator(seed: seed)
            let host = try ScriptedHost()
            var guest = try host.guest()
            var limits = FunctionLimits.standard
            limits.wallTimeMilliseconds = 300
            for _ in 0..<40 {
                Self.bait(guest, &random)
                let functions = HostFunction.all.filter { $0.name != "proc_exit" && $0.name != "poll_oneoff" }
                var calls = [Self.opening, Self.opening]
                for _ in 0..<30 {
                    var call = Self.call(functions.randomElement(using: &random)!, &random)
                    // Half of them with a descriptor that exists and addresses inside, so that they get further.
                    if Bool.random(using: &random) {
                        call.arguments = call.arguments.map {
                            $0 > 100_000 ? UInt64.random(in: 3...600, using: &random) : $0
                        }
                        if !call.arguments.isEmpty { call.arguments[0] = UInt64.random(in: 3...6, using: &random) }
                    }
                    calls.append(call)
                }
                let outcome = guest.run(calls, limits: limits).run
                if !guest.isAlive { guest = try host.guest() }
                if case .trapped(let sentence) = outcome.ending { #expect(!sentence.isEmpty) }
            }
        }
    }

    @Test func `a pointer outside the memory is named`() async throws {
        try await GuestThread.run {
            let guest = try ScriptedHost().guest()
            let outside = guest.run([ScriptedCall("random_get", 131_070, 8)])
            #expect(outside.run.ending == .trapped("a request names memory outside the sandbox: 8 bytes at 131070"))
            let huge = guest.run([ScriptedCall("random_get", 0xFFFF_FFFF, 0xFFFF_FFFF)])
            #expect(
                huge.run.ending
                    == .trapped("a request names memory outside the sandbox: 4294967295 bytes at 4294967295"))
        }
    }

    @Test func `buffers that overlap to more than memory can hold are refused`() async throws {
        try await GuestThread.run {
            let guest = try ScriptedHost(memoryPages: 128).guest()
            // 1,024 buffers of 8 MiB each: more than 32 bits can count.
            for index in 0..<1024 {
                withUnsafeBytes(of: UInt64(8 << 20) << 32) { guest.write(Array($0), at: 200_000 + 8 * index) }
            }
            for descriptor in [1, 2, 4] as [UInt64] {
                let outcome = guest.run([Self.opening, ScriptedCall("fd_write", descriptor, 200_000, 1024, 0)])
                #expect(outcome.run.ending == .returned)
                #expect(outcome.results.last == 28, "EINVAL")
            }
        }
    }

    @Test func `nothing written to the root or to a file that may not be written is refused too`() async throws {
        try await GuestThread.run {
            let guest = try ScriptedHost().guest()
            guest.write(Array("lib/readable".utf8), at: 8192)
            let outcome = guest.run([
                ScriptedCall("fd_write", 3, 0, 0, 900), ScriptedCall("fd_pwrite", 3, 0, 0, 0, 900),
                ScriptedCall("path_open", 3, 0, 8192, 12, 0, 2, 0, 0, 900), ScriptedCall("fd_write", 4, 0, 0, 900),
            ])
            #expect(outcome.results == [8, 8, 0, 8], "EBADF")
        }
    }

    @Test func `a time of day that is long past is not waited for`() async throws {
        try await GuestThread.run {
            let guest = try ScriptedHost().guest()
            guest.write([UInt8](repeating: 0, count: 48), at: 8192)
            guest.write([1], at: 8192 + 40)  // absolute, by the time of day, at 1970-01-01
            let outcome = guest.run([ScriptedCall("poll_oneoff", 8192, 8300, 1, 8400)])
            #expect(outcome.run.ending == .returned)
            #expect(outcome.results == [0])
            #expect(guest.read(at: 8400, count: 4) == [1, 0, 0, 0])
        }
    }

    @Test func `random bytes are not to be had by the gigabyte`() async throws {
        try await GuestThread.run {
            let guest = try ScriptedHost(memoryPages: 16).guest()
            let outcome = guest.run([
                ScriptedCall("random_get", 131_072, 65_536), ScriptedCall("random_get", 131_072, 65_537),
            ])
            #expect(outcome.results == [0, 28])
            #expect(Set(guest.read(at: 131_072, count: 65_536)).count == 256)
        }
    }

    @Test func `the only way out of the root is none`() async throws {
        try await GuestThread.run {
            let guest = try ScriptedHost().guest()
            let paths = [
                "../../../../etc/passwd", "/etc/passwd", "tmp/../../etc/passwd", "/proc/self/maps", "lib/../../etc",
                "..//..//etc/passwd",
            ]
            for path in paths {
                guest.write(Array(path.utf8), at: 8192)
                let count = UInt64(path.utf8.count)
                let outcome = guest.run([
                    ScriptedCall("path_open", 3, 0, 8192, count, 0, 2, 0, 0, 900),
                    ScriptedCall("path_filestat_get", 3, 0, 8192, count, 10_000),
                    ScriptedCall("path_open", 3, 0, 8192, count, 1, 0x42, 0, 0, 900),
                ])
                #expect(outcome.results == [44, 44, 69], "\(path): no such file, read-only")
            }
            for path in ["a\0b", String(repeating: "x", count: 4097), "\u{FFFD}"] {
                guest.write(path == "\u{FFFD}" ? [0xFF] : Array(path.utf8), at: 8192)
                let count = path == "\u{FFFD}" ? 1 : UInt64(path.utf8.count)
                #expect(
                    guest.run([ScriptedCall("path_open", 3, 0, 8192, count, 1, 0x42, 0, 0, 900)]).results == [28],
                    "EINVAL")
            }
        }
    }

    @Test func `links lead only to what the guest sees`() async throws {
        try await GuestThread.run {
            let guest = try ScriptedHost().guest()
            guest.write(Array("/etc/passwdtmp/atmp/b".utf8), at: 8192)
            let outcome = guest.run([
                ScriptedCall("path_symlink", 8192, 11, 3, 8203, 5),
                ScriptedCall("path_open", 3, 1, 8203, 5, 0, 2, 0, 0, 900),
                ScriptedCall("path_link", 3, 0, 8192, 11, 3, 8208, 5),
            ])
            #expect(outcome.results == [0, 44, 44], "a link may lead nowhere")
        }
    }
}
