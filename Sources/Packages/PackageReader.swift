/// Reads a package from the bytes of an archive, whichever of the known formats it has.
public enum PackageReader {
    /// Takes a zip archive, a SquashFS 4 image or an uncompressed tar archive. All bytes count as hostile.
    public static func read(
        _ archive: [UInt8], limits: PackageLimits = PackageLimits()
    ) throws(PackageError) -> PackageTree {
        var tree = PackageTree(limits: try limits.unpacked(from: archive.count))
        let bytes = Bytes(archive)
        switch Format(of: bytes) {
        case .zip: try ZipReader.read(bytes, into: &tree)
        case .squash: try SquashReader.read(bytes, into: &tree, maximumWorkBytes: 8 * limits.maximumBytes)
        case .tar: try TarReader.read(bytes, into: &tree)
        case nil: throw unknown(bytes)
        }
        return tree
    }

    /// Whether a file begins as one of the known formats does.
    public static func isArchive(_ file: [UInt8]) -> Bool { Format(of: Bytes(file)) != nil }

    private enum Format {
        case zip, squash, tar

        init?(of bytes: Bytes) {
            if bytes.has([0x50, 0x4B, 3, 4], at: 0) || bytes.has([0x50, 0x4B, 5, 6], at: 0) {
                self = .zip
            } else if bytes.has(Array("hsqs".utf8), at: 0) {
                self = .squash
            } else if bytes.has(Array("ustar".utf8), at: 257) {
                self = .tar
            } else {
                return nil
            }
        }
    }

    private static func unknown(_ bytes: Bytes) -> PackageError {
        let fix = "send a zip archive, a SquashFS 4 image or an uncompressed tar archive"
        if bytes.has([0x53, 0xEF], at: 0x438) {
            return PackageError(.malformed, "This is an ext2, ext3 or ext4 image, which is not read here: \(fix).")
        }
        for (magic, name) in [
            ([0x1F, 0x8B], "gzip"), ([0x28, 0xB5, 0x2F, 0xFD], "zstd"), ([0xFD, 0x37, 0x7A], "xz"),
        ]
            as [([UInt8], String)]
        where bytes.has(magic, at: 0) {
            return PackageError(.malformed, "This archive is compressed with \(name) as a whole: \(fix).")
        }
        return PackageError(.malformed, "This is no archive that is known here: \(fix).")
    }
}
