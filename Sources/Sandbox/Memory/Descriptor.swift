internal import CLinux
internal import Glibc

/// An open file descriptor, closed when its last owner lets go.
public final class Descriptor: Sendable {
    public let number: Int32

    /// Takes over an open descriptor.
    public init(takingOver number: Int32) { self.number = number }

    deinit { close(number) }

    /// A new file that exists in memory only.
    static func memoryFile(_ name: String) -> Descriptor? {
        let number = linux_memory_file(name)
        return number < 0 ? nil : Descriptor(takingOver: number)
    }

    /// Writes all of `bytes` at the current position; false where the system refuses.
    func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
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

/// A file, mapped read-only as it was when opened.
final class MappedFile: Sendable {
    private let file: Descriptor
    // SAFETY: a read-only mapping that lives as long as this object.
    nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

    init(_ file: Descriptor) throws(ImageError) {
        var status = stat()
        guard fstat(file.number, &status) == 0, status.st_size > 0, status.st_size < 8 << 30 else {
            throw ImageError("the file is empty or cannot be read")
        }
        let count = Int(status.st_size)
        guard let mapped = mmap(nil, count, PROT_READ, MAP_SHARED, file.number, 0), mapped != MAP_FAILED else {
            throw ImageError("the file cannot be mapped")
        }
        self.file = file
        bytes = UnsafeRawBufferPointer(start: mapped, count: count)
    }

    deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress!), bytes.count) }

    /// Gives `body` the bytes and keeps the mapping until it returns: `bytes` alone would not.
    func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(self) {} }
        return try body(bytes)
    }

    var descriptor: Int32 { file.number }
}
