internal import CLinux
internal import Glibc
internal import Synchronization

/// 64-bit numbers in memory that one process counts up and others see at once, and cannot change.
public final class SharedCounters: Sendable {
    /// How many there are: 512 KiB.
    public static let count = 1 << 16
    private static let bytes = count * MemoryLayout<UInt64>.size

    /// What other processes read the numbers from.
    public let file: Descriptor
    // SAFETY: a mapping that lives as long as this object, and is touched by atomic operations only.
    nonisolated(unsafe) private let numbers: UnsafeMutablePointer<Atomic<UInt64>>

    /// New numbers, all 0, that this process counts; nil where the system refuses.
    public convenience init?() {
        guard let file = Descriptor.memoryFile("counters"), ftruncate(file.number, Self.bytes) == 0 else { return nil }
        self.init(file, PROT_READ | PROT_WRITE)
        guard linux_seal_for_readers(file.number) == 0 else { return nil }
    }

    /// Numbers that another process counts; nil where the file has none.
    public convenience init?(reading file: Descriptor) {
        var status = stat()
        guard fstat(file.number, &status) == 0, status.st_size == Self.bytes else { return nil }
        self.init(file, PROT_READ)
    }

    private init?(_ file: Descriptor, _ protection: Int32) {
        guard let mapped = mmap(nil, Self.bytes, protection, MAP_SHARED, file.number, 0), mapped != MAP_FAILED else {
            return nil
        }
        self.file = file
        numbers = mapped.bindMemory(to: Atomic<UInt64>.self, capacity: Self.count)
    }

    deinit { munmap(numbers, Self.bytes) }

    /// The number at a place; what the process that counts did before it counted is seen by who reads it after.
    public subscript(place: Int) -> UInt64 {
        precondition(0..<Self.count ~= place)
        return numbers[place].load(ordering: .acquiring)
    }

    /// Counts one up. Only for who made them.
    public func advance(_ place: Int) {
        precondition(0..<Self.count ~= place)
        numbers[place].add(1, ordering: .sequentiallyConsistent)
    }
}
