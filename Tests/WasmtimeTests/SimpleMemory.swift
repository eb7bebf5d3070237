import Glibc
import Synchronization
import Wasmtime

/// A memory of plain pages with a limit.
final class SimpleMemory: HostMemory {
    // SAFETY: the mapping lives as long as this object, and tests use it from one thread.
    nonisolated(unsafe) let base: UnsafeMutableRawPointer
    private static let reserved = EngineSettings.reservedMemoryBytes + EngineSettings.guardBytes
    private let size: Mutex<Int>
    private let limit: Int

    init(minimum: Int, limit: Int) {
        base = mmap(nil, Self.reserved, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        mprotect(base, minimum, PROT_READ | PROT_WRITE)
        size = Mutex(minimum)
        self.limit = limit
    }

    deinit { munmap(base, Self.reserved) }

    var byteCount: Int { size.withLock { $0 } }

    func grow(to byteCount: Int) -> Bool {
        guard byteCount <= limit, mprotect(base, byteCount, PROT_READ | PROT_WRITE) == 0 else { return false }
        size.withLock { $0 = byteCount }
        return true
    }
}

/// Makes such memories, or none.
final class SimpleSource: MemorySource {
    let limit: Int
    let isEmpty: Bool
    let last = Mutex<SimpleMemory?>(nil)

    init(limit: Int = 16 << 20, isEmpty: Bool = false) {
        self.limit = limit
        self.isEmpty = isEmpty
    }

    func makeMemory(minimum: Int) -> (any HostMemory)? {
        guard !isEmpty else { return nil }
        let memory = SimpleMemory(minimum: minimum, limit: limit)
        last.withLock { $0 = memory }
        return memory
    }
}
