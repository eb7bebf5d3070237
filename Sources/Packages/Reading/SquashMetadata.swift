/// The tables of a SquashFS image: blocks of up to 8 KiB, each compressed on its own, behind a length of 16 bits.
struct SquashMetadata {
    /// A place in a table: a block's offset in the image, and one inside the unpacked block.
    struct Cursor {
        var block: Int
        var offset: Int
    }

    /// What a folder says of one of its members.
    struct Entry {
        var name: String
        /// The reference of its inode.
        var inode: Int
    }

    let image: Bytes
    private let compression: Compression
    private var work: SquashWork
    private var cache: [Int: (bytes: [UInt8], next: Int)] = [:]

    private static let blockBytes = 8192
    private static let maximumCachedBlocks = 1024
    /// Bytes of a folder's list; as many as the most entries have with long names.
    private static let maximumFolderBytes = 8 << 20

    init(_ image: Bytes, _ compression: Compression, maximumWorkBytes: Int) {
        self.image = image
        self.compression = compression
        work = SquashWork(left: maximumWorkBytes)
    }

    /// Reads on from `cursor`, over the ends of blocks.
    mutating func read(_ cursor: inout Cursor, _ count: Int) throws(PackageError) -> [UInt8] {
        var result: [UInt8] = []
        while result.count < count {
            let (bytes, next) = try block(at: cursor.block)
            guard cursor.offset <= bytes.count, !bytes.isEmpty else { throw .damaged("a table ends too early") }
            let part = bytes[cursor.offset...].prefix(count - result.count)
            result += part
            cursor.offset += part.count
            if cursor.offset == bytes.count { cursor = Cursor(block: next, offset: 0) }
        }
        return result
    }

    private mutating func block(at offset: Int) throws(PackageError) -> (bytes: [UInt8], next: Int) {
        if let known = cache[offset] { return known }
        let header = try image.u16(at: offset)
        let size = header & 0x7FFF
        guard size <= Self.blockBytes else { throw .damaged("a block of a table is too long") }
        let source = try image.slice(at: offset + 2, size)
        let bytes = header & 0x8000 != 0 ? Array(source) : try compression.unpack(source, atMost: Self.blockBytes)
        try work.spend(Self.blockBytes)
        if cache.count >= Self.maximumCachedBlocks { cache = [:] }
        cache[offset] = (bytes, offset + 2 + size)
        return (bytes, offset + 2 + size)
    }

    /// The members of a folder whose list has `bytes` bytes.
    mutating func folder(_ cursor: inout Cursor, _ bytes: Int) throws(PackageError) -> [Entry] {
        guard bytes <= Self.maximumFolderBytes else {
            throw PackageError(.tooLarge, "The image has a folder that is too large.")
        }
        let list = Bytes(try read(&cursor, bytes))
        var entries: [Entry] = []
        var position = 0
        while position < list.count {
            let count = try list.u32(at: position) + 1
            let block = try list.u32(at: position + 4)
            guard count <= 256 else { throw .damaged("a folder's list is too long") }
            position += 12
            for _ in 0..<count {
                let nameBytes = try list.u16(at: position + 6) + 1
                let name = try list.text(at: position + 8, nameBytes)
                guard !name.contains("/") else {
                    throw PackageError(
                        .forbidden, "The image has a name with a `/` in it: `\(PackageTree.shown(name))`.")
                }
                entries.append(Entry(name: name, inode: block << 16 | (try list.u16(at: position))))
                position += 8 + nameBytes
            }
        }
        return entries
    }
}

/// How much may still be unpacked. What is shared by many files may be unpacked often, whatever the files' own sizes are.
struct SquashWork {
    var left: Int

    mutating func spend(_ bytes: Int) throws(PackageError) {
        left -= bytes
        guard left >= 0 else {
            throw PackageError(.tooLarge, "The image takes too long to unpack: its files share too much.")
        }
    }
}
