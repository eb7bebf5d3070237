internal import Glibc
internal import Model
internal import Synchronization
internal import Wasmtime

/// Memories for the instances of users' modules, used again and again: making address space costs more than a short run.
final class ProgramMemories: MemorySource {
    private struct State {
        var idle: [GuestMemory] = []
        /// What the next instance of a thread gets.
        var offered: [UInt: Offer] = [:]
    }

    private struct Offer {
        var memory: GuestMemory
        var minimum: Int
    }

    /// How many memories are kept that no run uses.
    private static let maximumIdle = 64
    /// What an instance may keep beside its linear memory: exceptions that are under way.
    private static let maximumHeapBytes = 16 << 20

    private let state = Mutex(State())

    /// Sets aside a memory for the instance that this thread is about to make.
    func offer(minimum: Int) throws(SandboxError) -> GuestMemory {
        let memory = state.withLock { $0.idle.popLast() } ?? GuestMemory(minimum: minimum)
        guard let memory, memory.byteCount == minimum || memory.renew(minimum: minimum) else {
            throw SandboxError("no memory for another instance")
        }
        state.withLock { $0.offered[Self.thread] = Offer(memory: memory, minimum: minimum) }
        return memory
    }

    /// Takes back a memory whose instance is gone. One with mappings of files is not used again: it would not become zero.
    func giveBack(_ memory: GuestMemory, isMapped: Bool) {
        state.withLock { _ = $0.offered.removeValue(forKey: Self.thread) }
        guard !isMapped, memory.renew(minimum: memory.byteCount) else { return }
        state.withLock { if $0.idle.count < Self.maximumIdle { $0.idle.append(memory) } }
    }

    func makeMemory(minimum: Int) -> (any HostMemory)? {
        let offered = state.withLock { state -> GuestMemory? in
            // What is not as long as the module's memory is the library's own heap.
            guard let offer = state.offered[Self.thread], offer.minimum == minimum else { return nil }
            state.offered[Self.thread] = nil
            return offer.memory
        }
        if let offered { return offered }
        let heap = GuestMemory(minimum: minimum)
        heap?.setLimit(bytes: Self.maximumHeapBytes)
        return heap
    }

    private static var thread: UInt { UInt(pthread_self()) }
}
