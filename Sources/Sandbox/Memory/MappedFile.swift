internal import Glibc
internal import Kernel

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
