import Glibc
import Model
import SandboxTesting
import Testing
import Wasmtime

@testable import Sandbox

@Suite struct SlotTests {
    private static let fixture = """
        def main(args, context): return 1
        """

    private func withSlot(_ body: @escaping @Sendable (Sandbox, Slot, Image) throws -> Void) async throws {
        let function = try await PythonFunction(Self.fixture)
        try await GuestThread.run {
            let slot = try Slot(function.sandbox.module, memories: function.sandbox.memories)
            try slot.load(function.image.image)
            try body(function.sandbox, slot, function.image.image)
        }
    }

    /// A call may return at the very moment in which it is cancelled: its slot has no memory that could be restored.
    @Test func `a slot whose memory was taken away is not reset`() async throws {
        try await withSlot { sandbox, slot, _ in
            slot.memory.revoke()
            #expect(
                slot.run(.call, Run(parts: [[], [], []], limits: .standard), in: sandbox.context(Interruption())).ending
                    != .returned)
            #expect(!slot.reset(PageMap()))
        }
    }

    @Test func `memory that was taken away is refused to the host in words`() async throws {
        try await withSlot { _, slot, _ in
            slot.memory.revoke()
            let error = #expect(throws: HostTrap.self) { try slot.memory.access { _ in } }
            #expect(error?.message == "the call was ended")
            #expect(!slot.memory.grow(to: slot.memory.byteCount + 65_536))
        }
    }

    @Test func `only written pages are private`() async throws {
        try await withSlot { _, slot, _ in
            let pagemap = PageMap()
            guard let before = pagemap.privatePages(of: slot.memory) else {
                print("this kernel cannot tell private pages (PAGEMAP_SCAN, Linux 6.7)")
                return
            }
            #expect(before.isEmpty)
            // Reading makes no private page; writing makes one, even with the same byte.
            let read = (slot.memory.base + 5 * Page.bytes).load(as: UInt8.self)
            (slot.memory.base + 9 * Page.bytes).storeBytes(
                of: (slot.memory.base + 9 * Page.bytes).load(as: UInt8.self), as: UInt8.self)
            #expect(read == (slot.memory.base + 5 * Page.bytes).load(as: UInt8.self))
            #expect(pagemap.privatePages(of: slot.memory) == [9..<10])
        }
    }

    @Test func `more regions than fit into one answer are all found`() async throws {
        try await withSlot { _, slot, _ in
            let pagemap = PageMap()
            guard pagemap.privatePages(of: slot.memory) != nil else { return }
            let pages = stride(from: 1, to: 4000, by: 2)
            for page in pages { (slot.memory.base + page * Page.bytes).storeBytes(of: 1, as: UInt8.self) }
            #expect(pagemap.privatePages(of: slot.memory)?.map(\.lowerBound) == Array(pages))
            #expect(slot.reset(pagemap))
        }
    }

    /// The kernel is asked for private pages only after runs that had page faults.
    @Test func `a run that writes to no new page is reset from what is known`() async throws {
        try await withSlot { sandbox, slot, image in
            let pagemap = PageMap()
            guard pagemap.faultsTellAll, pagemap.privatePages(of: slot.memory) != nil else { return }
            let before = Array(UnsafeRawBufferPointer(start: slot.memory.base, count: image.memoryBytes))
            // A thread may have faults of its own now and then.
            let wasKnown = (0..<50).contains { _ in
                let outcome = slot.run(
                    .call, Run(parts: [[], [], []], limits: .standard), in: sandbox.context(Interruption()))
                let isKnown = slot.privatePages != nil
                #expect(outcome.text == "1" && slot.reset(pagemap))
                return isKnown
            }
            #expect(wasKnown)
            #expect(slot.privatePages == pagemap.privatePages(of: slot.memory))
            #expect(before.elementsEqual(UnsafeRawBufferPointer(start: slot.memory.base, count: image.memoryBytes)))
        }
    }

    @Test func `an image larger than the slot's memory is loaded, a smaller one is not`() async throws {
        let large = try await PythonFunction("kept = bytearray(b'x' * 30_000_000)\ndef main(a, c): return len(kept)")
        try await withSlot { sandbox, slot, small in
            try slot.load(large.image.image)
            let outcome = slot.run(
                .call, Run(parts: [[], [], []], limits: .standard), in: sandbox.context(Interruption()))
            #expect(outcome.text == "30000000", "\(Ending(outcome))")
            #expect(slot.reset(PageMap()))
            #expect(throws: (any Error).self) { try slot.load(small) }
        }
        #expect(try await large.repeated(3).map(\.text) == Array(repeating: "30000000", count: 3))
    }
}
