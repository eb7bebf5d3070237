internal import CLinux
internal import Glibc
internal import Synchronization
internal import Wasmtime

/// The linear memory of one slot: address space of our own into which images are mapped.
///
/// Guest code reads and writes it without asking. Everything else goes through ``access(_:)``, which excludes the
/// watchdog: that takes the memory away to end a call, and a host that touched it then would crash.
final class GuestMemory: HostMemory {
    private struct State {
        var byteCount: Int
        var limitBytes: Int
        var isRevoked = false
        var wasRefusedGrowth = false
    }

    // SAFETY: the mapping lives as long as this object; its bytes are shared with guest code by design.
    nonisolated(unsafe) let base: UnsafeMutableRawPointer
    private static let reservedBytes = EngineSettings.reservedMemoryBytes + EngineSettings.guardBytes
    /// How the handler of memory faults knows it.
    private let number: Int32
    private let state: Mutex<State>

    /// Reserves the address space and makes the first `minimum` bytes usable; nil where the system has none left.
    init?(minimum: Int) {
        let reserved = mmap(nil, Self.reservedBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard let reserved, reserved != MAP_FAILED else { return nil }
        guard mprotect(reserved, minimum, PROT_READ | PROT_WRITE) == 0 else {
            munmap(reserved, Self.reservedBytes)
            return nil
        }
        number = linux_register_memory(reserved)
        guard number >= 0 else {
            munmap(reserved, Self.reservedBytes)
            return nil
        }
        base = reserved
        state = Mutex(State(byteCount: minimum, limitBytes: EngineSettings.reservedMemoryBytes))
    }

    deinit {
        linux_unregister_memory(number)
        munmap(base, Self.reservedBytes)
    }

    var byteCount: Int { state.withLock { $0.byteCount } }

    /// Whether the memory was taken away.
    var isRevoked: Bool { state.withLock { $0.isRevoked } }

    /// Whether the guest asked for more than its limit since the limit was set.
    var wasRefusedGrowth: Bool { state.withLock { $0.wasRefusedGrowth } }

    /// Sets how long the guest may make its memory.
    func setLimit(bytes: Int) {
        state.withLock {
            $0.limitBytes = bytes
            $0.wasRefusedGrowth = false
        }
    }

    func grow(to byteCount: Int) -> Bool {
        state.withLock { state in
            guard !state.isRevoked, byteCount >= state.byteCount, byteCount <= state.limitBytes else {
                state.wasRefusedGrowth = true
                return false
            }
            guard mprotect(base + state.byteCount, byteCount - state.byteCount, PROT_READ | PROT_WRITE) == 0 else {
                state.wasRefusedGrowth = true
                return false
            }
            state.byteCount = byteCount
            return true
        }
    }

    /// Makes the memory zero and `minimum` long again, for another instance. False: throw it away.
    func renew(minimum: Int) -> Bool {
        state.withLock { state in
            guard !state.isRevoked, madvise(base, state.byteCount, MADV_DONTNEED) == 0 else { return false }
            let (from, to) = (min(minimum, state.byteCount), max(minimum, state.byteCount))
            let protection = minimum > state.byteCount ? PROT_READ | PROT_WRITE : PROT_NONE
            guard from == to || mprotect(base + from, to - from, protection) == 0 else { return false }
            state.byteCount = minimum
            return true
        }
    }

    /// Has the kernel enter the first pages into this process's tables, which spares a guest a fault for each. Does no harm
    /// where the kernel cannot.
    func populate(bytes: Int) {
        _ = madvise(base, bytes, MADV_POPULATE_READ)
    }

    /// Takes the memory away: the guest's next load or store traps. There is no way back.
    ///
    /// Repeat it until the guest has ended: where the guest is in the middle of filling or copying memory, which is done by
    /// the host's libc, that is let finish.
    func revoke() {
        state.withLock { state in
            state.isRevoked = true
            linux_revoke_memory(number, state.byteCount)
        }
    }

    /// Gives `body` the memory as it is now, and keeps it from being taken away meanwhile. Throws where it was.
    func access<Result>(_ body: (GuestView) throws(HostTrap) -> Result) throws(HostTrap) -> Result {
        try state.withLock { state throws(HostTrap) in
            guard !state.isRevoked else { throw HostTrap("the call was ended") }
            return try body(GuestView(base: base, count: state.byteCount))
        }
    }
}

/// A guest's memory, for the duration of one access. Every address and length comes from the guest and is checked.
struct GuestView {
    let base: UnsafeMutableRawPointer
    let count: Int

    func bytes(_ address: UInt32, _ length: UInt32) throws(HostTrap) -> UnsafeMutableRawBufferPointer {
        guard Int(address) + Int(length) <= count else {
            throw HostTrap("a request names memory outside the sandbox: \(length) bytes at \(address)")
        }
        return UnsafeMutableRawBufferPointer(start: base + Int(address), count: Int(length))
    }

    func load<Value: FixedWidthInteger>(_ address: UInt32, as type: Value.Type = Value.self) throws(HostTrap) -> Value {
        try bytes(address, UInt32(MemoryLayout<Value>.size)).loadUnaligned(as: type)
    }

    func store(_ value: some FixedWidthInteger, _ address: UInt32) throws(HostTrap) {
        let target = try bytes(address, UInt32(value.bitWidth / 8))
        withUnsafeBytes(of: value) { target.copyMemory(from: $0) }
    }
}

/// Makes guest memories for new instances, and hands the newest one of this thread to the slot that asked for it.
final class GuestMemorySource: MemorySource {
    private let made = Mutex<[UInt: GuestMemory]>([:])

    func makeMemory(minimum: Int) -> (any HostMemory)? {
        guard let memory = GuestMemory(minimum: minimum) else { return nil }
        made.withLock { $0[Self.thread] = memory }
        return memory
    }

    /// The memory that was made last on this thread.
    func takeLast() -> GuestMemory? {
        made.withLock { $0.removeValue(forKey: Self.thread) }
    }

    private static var thread: UInt { UInt(pthread_self()) }
}
