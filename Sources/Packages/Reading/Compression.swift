internal import CUnpack

/// How blocks of an archive are compressed.
enum Compression: String {
    /// Raw deflate, as in zip archives.
    case deflate
    /// Deflate in zlib's frame: what SquashFS calls gzip.
    case gzip
    case xz
    case zstd

    /// Unpacks a whole block of at most `capacity` bytes.
    func unpack(_ source: ArraySlice<UInt8>, atMost capacity: Int) throws(PackageError) -> [UInt8] {
        var result = UNPACK_DAMAGED
        let unpacked = [UInt8](unsafeUninitializedCapacity: capacity) { target, count in
            result = source.withUnsafeBytes { unpack($0, UnsafeMutableRawBufferPointer(target)) }
            count = max(0, result)
        }
        guard result != UNPACK_MISSING else {
            throw PackageError(
                .unavailable,
                "The image is compressed with \(rawValue), and this machine lacks the library for that: install it, or make "
                    + "the image with `-comp gzip`.")
        }
        guard result >= 0 else { throw .damaged("a compressed block cannot be unpacked, or is longer than it says") }
        return unpacked
    }

    private func unpack(_ source: UnsafeRawBufferPointer, _ target: UnsafeMutableRawBufferPointer) -> Int {
        switch self {
        case .deflate: unpack_deflate(source.baseAddress, source.count, target.baseAddress, target.count)
        case .gzip: unpack_zlib(source.baseAddress, source.count, target.baseAddress, target.count)
        case .xz: unpack_xz(source.baseAddress, source.count, target.baseAddress, target.count)
        case .zstd: unpack_zstd(source.baseAddress, source.count, target.baseAddress, target.count)
        }
    }
}

/// The checksum of zip archives.
enum CRC32 {
    static func of(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes { unpack_crc32($0.baseAddress, $0.count) } }
}
