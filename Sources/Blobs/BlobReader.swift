import Glibc
public import Model

/// An open blob.
public final class BlobReader: Sendable {
    /// In bytes.
    public let length: Int
    public let pin: BlobPin
    private let descriptor: Int32

    public var hash: BlobHash { pin.hash }

    /// Takes over the descriptor.
    init(_ descriptor: Int32, _ pin: BlobPin) throws(BlobError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let error = BlobError.system("look at", pin.hash.description)
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
        self.pin = pin
        length = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// Bytes from `offset` on: `count` of them, or those that there are.
    public func bytes(at offset: Int, count: Int) throws(BlobError) -> [UInt8] {
        guard offset >= 0, offset < length, count > 0 else { return [] }
        let wanted = min(count, length - offset)
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
            while filled < wanted {
                let read = pread(descriptor, buffer.baseAddress! + filled, wanted - filled, off_t(offset + filled))
                if read < 0, errno == EINTR { continue }
                guard read > 0 else {
                    failed = true
                    return
                }
                filled += read
            }
        }
        guard !failed else { throw .system("read", hash.description) }
        return bytes
    }
}
