import Glibc
import Model
import SandboxTesting
import Testing

@testable import Sandbox

/// After a reset, a slot's memory is the image's, byte for byte, whatever ran in it.
@Suite struct MemoryEqualityTests {
    private static let source = """
        import json, random, re, sys, zlib
        kept = {}
        def main(args, context):
            for step in args["steps"]:
                match step:
                    case "small": kept[len(kept)] = [str(n) for n in range(500)]
                    case "large": kept[len(kept)] = bytearray(b"\\xAA" * 3_000_000)
                    case "grow": kept[len(kept)] = bytes(40_000_000)
                    case "strings": kept[len(kept)] = {random.random().hex(): random.randbytes(64) for _ in range(3000)}
                    case "compute": json.loads(json.dumps(list(range(5000)))); zlib.compress(random.randbytes(100_000))
                    case "free": kept.clear()
                    case "patch": sys.modules["json"].dumps.__defaults__; re.compile("a" * random.randrange(1, 99))
                    case "catch":
                        try: [][1]
                        except IndexError: pass
                    case "recurse":
                        def deeper(): deeper()
                        try: deeper()
                        except RecursionError: pass
                    case "raise": raise ValueError(args["secret"])
            return len(kept)
        """

    private static let steps = [
        "small", "large", "grow", "strings", "compute", "free", "patch", "catch", "recurse", "raise",
    ]

    @Test(arguments: IsolationTests.Restoring.allCases)
    func `random work leaves the memory as the image has it`(restoring: IsolationTests.Restoring) async throws {
        try await check(restoring, seed: 1, rounds: 25)
    }

    @Test func `an image that was put together in one file is the same`() async throws {
        try await check(.copying, seed: 3, rounds: 15, assembled: true)
        try await check(.mapping, seed: 4, rounds: 5, assembled: true)
    }

    @Test func `so it is when the system pages memory out meanwhile`() async throws {
        if !Self.hasSwap { print("no swap here: only pages that were not written can be paged out in this test") }
        try await check(.copying, seed: 2, rounds: 10, pagingOut: true)
    }

    @Test(arguments: IsolationTests.Restoring.allCases)
    func `a slot that changes from one image to another holds the other`(
        restoring: IsolationTests.Restoring
    ) async throws {
        let interpreter = try await Interpreter.shared()
        // Few pages of its own, some, some in other places, more than are copied, and one that is in one piece after a while.
        let ballast = [0, 400_000, 1_200_000, 6_000_000, 0]
        var functions: [PythonFunction] = []
        for (number, bytes) in ballast.enumerated() {
            let own = "number = \(number)\nballast = bytearray(b'\(number)') * \(bytes)\n"
            functions.append(try await PythonFunction(own + Self.source))
        }
        let images = functions.map(\.image.image)
        try await GuestThread.run {
            let sandbox = interpreter.sandbox
            let pagemap = restoring == .copying ? PageMap() : PageMap(withoutScan: ())
            var random = SeededGenerator(seed: 5)
            let fresh = try images.map { try Self.freshMemory(of: $0) }
            defer { for (memory, image) in zip(fresh, images) { munmap(memory, image.memoryBytes) } }
            var (slot, copied) = (try Slot(sandbox.module, memories: sandbox.memories), 0)
            try slot.loadAhead(Image(withoutDifferencesTo: images[0].base))
            for round in 0..<60 {
                if round == 30 { images[4].assemble() }
                let next = Int.random(in: 0..<images.count, using: &random)
                if let held = slot.image, images[next].canReplace(held) { copied += 1 }
                do { try slot.load(images[next]) } catch {
                    slot = try Slot(sandbox.module, memories: sandbox.memories)
                    try slot.load(images[next])
                }
                let isEqual = memcmp(slot.memory.base, fresh[next], images[next].memoryBytes) == 0
                #expect(isEqual, "round \(round), image \(next)")
                let steps = Self.steps.filter { $0 != "grow" && $0 != "large" }.randomElement(using: &random)!
                let outcome = slot.run(
                    .call,
                    Run(
                        parts: [Array("{\"steps\": [\"\(steps)\"], \"secret\": \"s\"}".utf8), [], []], limits: .standard
                    ),
                    in: sandbox.context(Interruption()))
                #expect(outcome.ending == .returned, "round \(round), image \(next), \(steps): \(Ending(outcome))")
                if !slot.reset(pagemap) {
                    slot = try Slot(sandbox.module, memories: sandbox.memories)
                    try slot.loadAhead(Image(withoutDifferencesTo: images[0].base))
                }
            }
            #expect(copied > 15, "few rounds tested copying")
        }
    }

    @Test func `and a secret of one call is nowhere in memory after it`() async throws {
        let interpreter = try await Interpreter.shared()
        let function = try await PythonFunction(Self.source)
        try await GuestThread.run {
            let secret = "hush-\(UInt64.random(in: .min ... .max))-hush"
            let slot = try Slot(interpreter.sandbox.module, memories: interpreter.sandbox.memories)
            try slot.load(function.image.image)
            let arguments = "{\"steps\": [\"small\", \"raise\"], \"secret\": \"\(secret)\"}"
            let outcome = slot.run(
                .call, Run(parts: [Array(arguments.utf8), [], []], limits: .standard),
                in: interpreter.sandbox.context(Interruption()))
            #expect(outcome.message == secret)
            #expect(Self.contains(secret, slot.memory), "the search finds what is there")
            #expect(slot.reset(PageMap()))
            #expect(!Self.contains(secret, slot.memory))
        }
    }

    private func check(
        _ restoring: IsolationTests.Restoring, seed: UInt64, rounds: Int, pagingOut: Bool = false,
        assembled: Bool = false
    ) async throws {
        let interpreter = try await Interpreter.shared()
        let function = try await PythonFunction(Self.source)
        try await GuestThread.run {
            let sandbox = interpreter.sandbox
            let pagemap = restoring == .copying ? PageMap() : PageMap(withoutScan: ())
            var random = SeededGenerator(seed: seed)
            let fresh = try Self.freshMemory(of: function.image.image)
            if assembled {
                function.image.image.assemble()
                #expect(function.image.image.isWhole)
                let whole = try Self.freshMemory(of: function.image.image)
                #expect(memcmp(fresh, whole, function.image.memoryBytes) == 0)
                munmap(whole, function.image.memoryBytes)
            }
            var slot = try Slot(sandbox.module, memories: sandbox.memories)
            try slot.load(function.image.image)
            var resets = 0
            for round in 0..<rounds {
                let steps = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                    Self.steps.randomElement(using: &random)!
                }
                let arguments = "{\"steps\": [\(steps.map { "\"\($0)\"" }.joined(separator: ", "))], \"secret\": \"s\"}"
                let outcome = slot.run(
                    .call, Run(parts: [Array(arguments.utf8), [], []], limits: .standard),
                    in: sandbox.context(Interruption()))
                #expect(outcome.ending == .returned, "seed \(seed), round \(round), \(steps): \(Ending(outcome))")
                if pagingOut { madvise(slot.memory.base, slot.memory.byteCount, ScriptedGuest.pageOutAdvice) }
                if slot.reset(pagemap) {
                    resets += 1
                } else {
                    // Memory that grew is not restored: the slot is thrown away.
                    #expect(
                        slot.memory.byteCount > function.image.memoryBytes, "seed \(seed), round \(round), \(steps)")
                    slot = try Slot(sandbox.module, memories: sandbox.memories)
                    try slot.load(function.image.image)
                }
                let isEqual = memcmp(slot.memory.base, fresh, function.image.memoryBytes) == 0
                #expect(isEqual, "seed \(seed), round \(round), \(steps)")
                #expect(slot.memory.byteCount == function.image.memoryBytes)
            }
            #expect(resets > rounds / 4, "few rounds tested a reset")
            munmap(fresh, function.image.memoryBytes)
        }
    }

    /// The image put together from its files by other means than a slot's.
    private static func freshMemory(of image: Image) throws -> UnsafeMutableRawPointer {
        let memory = try #require(
            mmap(nil, image.memoryBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
        image.restore(pages: 0, image.memoryBytes / Page.bytes, in: memory)
        let mapped = try #require(
            mmap(nil, image.memoryBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
        defer { munmap(mapped, image.memoryBytes) }
        #expect(image.map(over: mapped))
        #expect(memcmp(memory, mapped, image.memoryBytes) == 0, "copying and mapping give the same memory")
        return memory
    }

    private static func contains(_ text: String, _ memory: GuestMemory) -> Bool {
        let needle = Array(text.utf8)
        var position: UnsafeMutableRawPointer? = memory.base
        let end = memory.base + memory.byteCount - needle.count
        while let found = position, found < end, let next = memchr(found, Int32(needle[0]), end - found) {
            if memcmp(next, needle, needle.count) == 0 { return true }
            position = next + 1
        }
        return false
    }

    private static var hasSwap: Bool {
        guard let file = fopen("/proc/swaps", "r") else { return false }
        defer { fclose(file) }
        var lines = 0
        while case let byte = getc(file), byte != EOF { if byte == 10 { lines += 1 } }
        return lines > 1
    }
}
