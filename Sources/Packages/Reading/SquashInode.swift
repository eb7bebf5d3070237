/// A folder, a file or something else, as SquashFS 4 notes it.
struct SquashInode {
    enum Content {
        /// Where its list is in the table of folders, and how many bytes it has.
        case folder(block: Int, offset: Int, bytes: Int)
        case file(File)
        case other
    }

    struct File {
        var start: Int
        var size: Int
        /// Which block of fragments has its end, and where; ``SquashInode/noFragment``: none.
        var fragment: Int
        var offset: Int
    }

    static let noFragment = 0xFFFF_FFFF

    var content: Content
    /// Behind the fixed part: a file's list of block sizes.
    var end: SquashMetadata.Cursor

    /// The lengths of lists count three bytes that are not there.
    private static let missingBytes = 3

    init(_ metadata: inout SquashMetadata, _ cursor: inout SquashMetadata.Cursor) throws(PackageError) {
        let type = try Bytes(metadata.read(&cursor, 16)).u16(at: 0)
        switch type {
        case 1:
            let fields = Bytes(try metadata.read(&cursor, 16))
            content = .folder(
                block: try fields.u32(at: 0), offset: try fields.u16(at: 10),
                bytes: max(0, try fields.u16(at: 8) - Self.missingBytes))
        case 8:
            let fields = Bytes(try metadata.read(&cursor, 24))
            content = .folder(
                block: try fields.u32(at: 8), offset: try fields.u16(at: 18),
                bytes: max(0, try fields.u32(at: 4) - Self.missingBytes))
        case 2:
            let fields = Bytes(try metadata.read(&cursor, 16))
            content = .file(
                File(
                    start: try fields.u32(at: 0), size: try fields.u32(at: 12), fragment: try fields.u32(at: 4),
                    offset: try fields.u32(at: 8)))
        case 9:
            let fields = Bytes(try metadata.read(&cursor, 40))
            content = .file(
                File(
                    start: try fields.u64(at: 0), size: try fields.u64(at: 8), fragment: try fields.u32(at: 28),
                    offset: try fields.u32(at: 32)))
        default: content = .other
        }
        end = cursor
    }
}

/// The contents of files in a SquashFS image.
struct SquashBlocks {
    /// A block that holds the ends of several files.
    struct Fragment: Equatable {
        var start: Int
        var size: Int
    }

    /// The bits of a size that are one; the next one says that the block is not compressed.
    static let sizeMask = 0xFF_FFFF
    private static let plainBit = 0x100_0000

    private let image: Bytes
    private let superblock: SquashReader.Superblock
    private var work: SquashWork
    private var last: (fragment: Fragment, bytes: [UInt8])?

    init(_ image: Bytes, _ superblock: SquashReader.Superblock, maximumWorkBytes: Int) {
        self.image = image
        self.superblock = superblock
        work = SquashWork(left: maximumWorkBytes)
    }

    /// A block that has `length` bytes when it is unpacked.
    mutating func block(at position: Int, _ size: Int, length: Int) throws(PackageError) -> [UInt8] {
        try work.spend(length)
        guard size & Self.sizeMask > 0 else { return [UInt8](repeating: 0, count: length) }
        let bytes = try unpacked(position, size)
        guard bytes.count == length else { throw .damaged("a block has another length") }
        return bytes
    }

    /// The end of a file, from a block of fragments.
    mutating func tail(_ fragment: Fragment, at offset: Int, _ count: Int) throws(PackageError) -> ArraySlice<UInt8> {
        if last?.fragment != fragment {
            try work.spend(superblock.blockBytes)
            last = (fragment, try unpacked(fragment.start, fragment.size))
        }
        guard let bytes = last?.bytes, offset <= bytes.count, count <= bytes.count - offset else {
            throw .damaged("the end of a file is cut off")
        }
        return bytes[offset..<offset + count]
    }

    private func unpacked(_ position: Int, _ size: Int) throws(PackageError) -> [UInt8] {
        let bytes = size & Self.sizeMask
        guard bytes <= superblock.blockBytes else { throw .damaged("a block is too long") }
        let source = try image.slice(at: position, bytes)
        guard size & Self.plainBit == 0 else { return Array(source) }
        return try superblock.compression.unpack(source, atMost: superblock.blockBytes)
    }
}
