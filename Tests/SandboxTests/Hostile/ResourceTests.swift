import Model
import SandboxTesting
import Testing

@testable import Sandbox

/// Guests that take what they can get.
@Suite struct ResourceTests {
    private static let path = 100_000

    private func openAt(_ name: String, _ guest: ScriptedGuest) -> ScriptedCall {
        guest.write(Array(name.utf8), at: Self.path)
        return ScriptedCall("path_open", 3, 0, UInt64(Self.path), UInt64(name.utf8.count), 1, 0x42, 0, 0, 900)
    }

    @Test func `files that lost their name count until they are closed`() async throws {
        try await GuestThread.run {
            let guest = try ScriptedHost().guest()
            let open = openAt("tmp/file", guest)
            let unlink = ScriptedCall("path_unlink_file", 3, UInt64(Self.path), 8)
            let half = UInt64(ScratchTree.quotaBytes / 2)
            // Open, fill, unlink; three times, all kept open: the third finds the quota used up.
            let calls = (0..<3).flatMap { [open, ScriptedCall("fd_filestat_set_size", UInt64(4 + $0), half), unlink] }
            #expect(guest.run(calls).results == [0, 0, 0, 0, 0, 0, 0, 51, 0])
            // Closed, they are free again.
            let closed = (0..<3).flatMap { _ in
                [open, ScriptedCall("fd_filestat_set_size", 4, half * 2), unlink, ScriptedCall("fd_close", 4)]
            }
            #expect(guest.run(closed).results.allSatisfy { $0 == 0 })
            // Shrinking one without a name gives nothing twice.
            let shrunk = (0..<3).flatMap { number in
                [
                    open, ScriptedCall("fd_filestat_set_size", UInt64(4 + number), half), unlink,
                    ScriptedCall("fd_filestat_set_size", UInt64(4 + number), 0),
                ]
            }
            let after = [open, ScriptedCall("fd_filestat_set_size", 7, half * 2), openAt("tmp/file", guest)]
            let more = ScriptedCall("fd_filestat_set_size", 7, half * 2 + 1)
            #expect(guest.run(shrunk + after + [more]).results.last == 51)
        }
    }

    @Test func `descriptors, files and their bytes have an end`() async throws {
        try await GuestThread.run {
            let guest = try ScriptedHost(memoryPages: 20).guest()
            let open = openAt("tmp/file", guest)
            let results = guest.run((0..<300).map { _ in open }).results
            #expect(results.prefix(256).allSatisfy { $0 == 0 })
            #expect(results.dropFirst(256).allSatisfy { $0 == 33 }, "EMFILE")
            let write = ScriptedCall("fd_filestat_set_size", 4, UInt64(ScratchTree.quotaBytes) + 1)
            #expect(guest.run([open, write]).results == [0, 51])
            let beyond = ScriptedCall("fd_pwrite", 4, 256, 0, 0x7FFF_FFFF_FFFF_FFFF, 900)
            #expect(guest.run([open, beyond, ScriptedCall("fd_seek", 4, .max >> 1, 0, 900)]).results == [0, 0, 0])
        }
    }

    @Test func `ten thousand folders inside each other come and go`() async throws {
        try await GuestThread.run {
            var files = FileSystem(tree: try Trees.small(), now: { 0 })
            var descriptor = try files.open(
                "tmp", below: 3, flags: OpenFlags.directory, mayWrite: false, appends: false)
            var depth = 0
            do {
                while true {
                    try files.makeDirectory("d", below: descriptor)
                    let next = try files.open(
                        "d", below: descriptor, flags: OpenFlags.directory, mayWrite: false, appends: false)
                    try files.close(descriptor)
                    descriptor = next
                    depth += 1
                    if depth == 1500 { break }
                }
            } catch { #expect(error as? Errno == .nospc) }
            #expect(depth > 1000)
        }
    }

    @Test func `memory that is asked for without end is refused at the limit`() async throws {
        try await GuestThread.run {
            let guest = try ScriptedHost().guest()
            var limits = FunctionLimits.standard
            limits.memoryBytes = 1 << 20
            let results = guest.run((0..<20).map { _ in ScriptedCall("grow", 1) }, limits: limits).results
            #expect(results == (2..<16).map(Int64.init) + Array(repeating: -1, count: 6))
            let huge = guest.run(
                [ScriptedCall("grow", 0xFFFF_FFFF), ScriptedCall("grow", 100), ScriptedCall("trap")], limits: limits)
            #expect(huge.results.prefix(2) == [-1, -1])
            #expect(huge.run.ending == .memoryLimit, "a guest that traps after it was refused memory did so for that")
        }
    }

    @Test func `recursion without end is a sentence, and the next run goes on`() async throws {
        try await GuestThread.run {
            let guest = try ScriptedHost().guest()
            let outcome = guest.run([ScriptedCall("recurse", 100_000_000)])
            #expect(
                outcome.run.ending == .trapped("the stack is exhausted: calls inside the interpreter went too deep"))
            #expect(guest.run([ScriptedCall("recurse", 1000)]).results == [1000])
        }
    }

    @Test func `a trap is a sentence`() async throws {
        try await GuestThread.run {
            let guest = try ScriptedHost().guest()
            #expect(
                guest.run([ScriptedCall("trap")]).run.ending
                    == .trapped("wasm trap: wasm `unreachable` instruction executed"))
            let outside = guest.run([ScriptedCall("load", 200_000)]).run.ending
            #expect(outside == .trapped("wasm trap: out of bounds memory access"))
            #expect(guest.run([ScriptedCall("load", 0)]).run.ending == .returned)
        }
    }

    @Test func `a loop ends at the limit of wall time, and at that of processor time`() async throws {
        try await GuestThread.run {
            let host = try ScriptedHost()
            var limits = FunctionLimits.standard
            limits.wallTimeMilliseconds = 30
            #expect(
                try host.guest().run([ScriptedCall("loop")], limits: limits).run.ending
                    == .interrupted(.wallTime(milliseconds: 30)))
            limits.wallTimeMilliseconds = 60_000
            limits.cpuTimeMilliseconds = 30
            #expect(
                try host.guest().run([ScriptedCall("loop")], limits: limits).run.ending
                    == .interrupted(.cpuTime(milliseconds: 30)))
        }
    }

    /// Filling and copying is done by the host's own code, in which a fault is no trap.
    @Test func `a guest that is filling or copying memory when its time is over ends like any other`() async throws {
        try await GuestThread.run {
            let host = try ScriptedHost(memoryPages: 1024)
            var limits = FunctionLimits.standard
            limits.wallTimeMilliseconds = 20
            let half: UInt64 = 32 << 20
            for call in [
                ScriptedCall("fill", 65_536, half), ScriptedCall("copy", half, 65_536, half - 65_536),
                ScriptedCall("copy", 65_537, 65_536, half), ScriptedCall("fill", 65_536, 64),
            ] {
                for _ in 0..<5 {
                    let guest = try host.guest()
                    #expect(guest.run([call], limits: limits).run.ending == .interrupted(.wallTime(milliseconds: 20)))
                    #expect(!guest.isAlive)
                }
            }
        }
    }

    @Test func `no neighbour is touched by a guest that fails`() async throws {
        try await GuestThread.run {
            let host = try ScriptedHost()
            let neighbour = try host.guest()
            neighbour.write([UInt8](repeating: 0x5A, count: 100_000), at: 20_000)
            let before = neighbour.read(at: 20_000, count: 100_000)
            var limits = FunctionLimits.standard
            limits.wallTimeMilliseconds = 20
            for call in [
                ScriptedCall("trap"), ScriptedCall("loop"), ScriptedCall("store", 200_000, 1),
                ScriptedCall("recurse", .max >> 33),
            ] {
                _ = try host.guest().run([call], limits: limits)
                #expect(neighbour.read(at: 20_000, count: 100_000) == before)
                #expect(neighbour.run([ScriptedCall("recurse", 5)]).results == [5])
            }
        }
    }
}
