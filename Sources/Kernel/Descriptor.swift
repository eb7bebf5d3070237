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
