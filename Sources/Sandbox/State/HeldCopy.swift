internal import Glibc
internal import Kernel

/// The value of a key of shared state as it was at one generation.
final class HeldCopy: Sendable {
    private enum Content: @unchecked Sendable {
        case bytes([UInt8])
        // SAFETY: a read-only mapping of what nobody can change, which lives as long as the copy.
        case mapped(UnsafeRawBufferPointer)
    }

    /// Which of the generations must be which number for it to be good.
    let place: Int
    let generation: UInt64
    let count: Int
    private let content: Content

    init(place: Int, generation: UInt64, _ bytes: [UInt8]) {
        self.place = place
        self.generation = generation
        count = bytes.count
        content = .bytes(bytes)
    }

    /// Maps a file, which need not stay open; nil where it cannot be mapped.
    init?(place: Int, generation: UInt64, _ file: Descriptor) {
        var status = stat()
        guard fstat(file.number, &status) == 0, status.st_size > 0 else { return nil }
        count = Int(status.st_size)
        guard let mapped = mmap(nil, count, PROT_READ, MAP_SHARED, file.number, 0), mapped != MAP_FAILED else {
            return nil
        }
        self.place = place
        self.generation = generation
        content = .mapped(UnsafeRawBufferPointer(start: mapped, count: count))
    }

    deinit {
        if case .mapped(let bytes) = content { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress!), count) }
    }

    func isGood(by generations: SharedCounters) -> Bool { generations[place] == generation }

    func withBytes(_ body: (UnsafeRawBufferPointer) -> Void) {
        switch content {
        case .bytes(let bytes): bytes.withUnsafeBytes(body)
        case .mapped(let bytes): body(bytes)
        }
        withExtendedLifetime(self) {}
    }
}
