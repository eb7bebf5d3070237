internal import CLinux
internal import Glibc

/// An open file descriptor, closed when its last owner lets go.
public final class Descriptor: Sendable {
    public let number: Int32

    /// Takes over an open descriptor.
    public init(takingOver number: Int32) { self.number = number }

    deinit { close(number) }

    /// A new file that exists in memory only.
    public static func memoryFile(_ name: String) -> Descriptor? {
        let number = linux_memory_file(name)
        return number < 0 ? nil : Descriptor(takingOver: number)
    }

    /// A file in memory that nobody can change: `count` bytes, zeros but for these pieces. Nil where the system refuses.
    public static func sealedMemoryFile(
        _ name: String, count: Int, _ pieces: [(offset: Int, bytes: ArraySlice<UInt8>)]
    ) -> Descriptor? {
        guard let file = memoryFile(name), ftruncate(file.number, count) == 0 else { return nil }
        for piece in pieces {
            let isWritten =
                lseek(file.number, piece.offset, SEEK_SET) >= 0 && piece.bytes.withUnsafeBytes { file.write($0) }
            guard isWritten else { return nil }
        }
        return linux_seal(file.number) == 0 ? file : nil
    }

    /// Writes all of `bytes` at the current position; false where the system refuses.
    public func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var offset = 0
        while offset < bytes.count {
            let written = Glibc.write(number, bytes.baseAddress! + offset, bytes.count - offset)
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { return false }
            offset += written
        }
        return true
    }
}
