/// Reads SquashFS 4 images without mounting them: folders and files; gzip, xz and zstd.
struct SquashReader {
    /// Where the tables are, and how blocks are compressed.
    private let superblock: Superblock
    private var metadata: SquashMetadata
    private var blocks: SquashBlocks
    /// Folders that were read; one that is reached twice is no tree.
    private var visited: Set<Int> = []

    static func read(
        _ image: Bytes, into tree: inout PackageTree, maximumWorkBytes: Int
    ) throws(PackageError) {
        let superblock = try Superblock(image)
        var reader = SquashReader(
            superblock: superblock,
            metadata: SquashMetadata(image, superblock.compression, maximumWorkBytes: maximumWorkBytes),
            blocks: SquashBlocks(image, superblock, maximumWorkBytes: maximumWorkBytes))
        let root = try reader.inode(superblock.root)
        guard case .folder = root.content else { throw .damaged("its root is no folder") }
        try reader.readFolder(root, "", into: &tree)
    }

    private mutating func readFolder(
        _ inode: SquashInode, _ path: String, into tree: inout PackageTree
    ) throws(PackageError) {
        guard case .folder(let block, let offset, let bytes) = inode.content else { return }
        // An empty folder may share its place with another one.
        guard bytes == 0 || visited.insert(block << 16 | offset).inserted else {
            throw PackageError(.forbidden, "The image has a folder in two places.")
        }
        var cursor = SquashMetadata.Cursor(block: superblock.directories + block, offset: offset)
        for entry in try metadata.folder(&cursor, bytes) {
            let place = path.isEmpty ? entry.name : "\(path)/\(entry.name)"
            let member = try self.inode(entry.inode)
            switch member.content {
            case .folder:
                try tree.addFolder(place)
                try readFolder(member, place, into: &tree)
            case .file(let file):
                try tree.checkRoom(for: file.size, PackageTree.shown(place))
                try tree.add(place, try content(of: file, member.end))
            case .other:
                throw PackageError(
                    .forbidden,
                    "`\(PackageTree.shown(place))` is a link or a device: only files and folders are taken.")
            }
        }
    }

    private mutating func inode(_ reference: Int) throws(PackageError) -> SquashInode {
        var cursor = SquashMetadata.Cursor(
            block: superblock.inodes + reference >> 16, offset: reference & 0xFFFF)
        return try SquashInode(&metadata, &cursor)
    }

    /// `list` is where the sizes of the file's blocks begin.
    private mutating func content(
        of file: SquashInode.File, _ list: SquashMetadata.Cursor
    ) throws(PackageError) -> [UInt8] {
        let blockBytes = superblock.blockBytes
        let hasFragment = file.fragment != SquashInode.noFragment
        let count = hasFragment ? file.size / blockBytes : (file.size + blockBytes - 1) / blockBytes
        var list = list
        let sizes = Bytes(try metadata.read(&list, 4 * count))
        var content: [UInt8] = []
        content.reserveCapacity(file.size)
        var position = file.start
        for index in 0..<count {
            let size = try sizes.u32(at: 4 * index)
            content += try blocks.block(at: position, size, length: min(blockBytes, file.size - content.count))
            position += size & SquashBlocks.sizeMask
        }
        if content.count < file.size {
            let entry = try fragment(file.fragment)
            content += try blocks.tail(entry, at: file.offset, file.size - content.count)
        }
        return content
    }

    /// The place and size of a block of fragments, from the table of such.
    private mutating func fragment(_ index: Int) throws(PackageError) -> SquashBlocks.Fragment {
        guard index < superblock.fragmentCount else { throw .damaged("a fragment is not in its table") }
        let pointer = superblock.fragments + 8 * (index / 512)
        var cursor = SquashMetadata.Cursor(block: try metadata.image.u64(at: pointer), offset: index % 512 * 16)
        let entry = Bytes(try metadata.read(&cursor, 16))
        return SquashBlocks.Fragment(start: try entry.u64(at: 0), size: try entry.u32(at: 8))
    }
}

extension SquashReader {
    /// The first 96 bytes of an image.
    struct Superblock {
        var blockBytes: Int
        var fragmentCount: Int
        var compression: Compression
        /// The reference of the root's inode.
        var root: Int
        var inodes: Int
        var directories: Int
        var fragments: Int

        init(_ image: Bytes) throws(PackageError) {
            guard try image.u16(at: 28) == 4, try image.u16(at: 30) == 0 else {
                throw PackageError(
                    .malformed, "This SquashFS image is not of version 4.0: make it with a current `mksquashfs`.")
            }
            guard try image.u64(at: 40) <= image.count else { throw .damaged("it is cut off") }
            let shift = try image.u16(at: 22)
            guard (12...20).contains(shift), try image.u32(at: 12) == 1 << shift else {
                throw .damaged("its block size is none")
            }
            blockBytes = 1 << shift
            fragmentCount = try image.u32(at: 16)
            switch try image.u16(at: 20) {
            case 1: compression = .gzip
            case 4: compression = .xz
            case 6: compression = .zstd
            default:
                throw PackageError(
                    .malformed,
                    "This SquashFS image is compressed in a way that is not read here: use gzip, xz or zstd.")
            }
            root = try image.u64(at: 32)
            inodes = try Self.place(image, 64)
            directories = try Self.place(image, 72)
            // All ones where there is no such table.
            fragments = fragmentCount == 0 ? 0 : try Self.place(image, 80)
        }

        private static func place(_ image: Bytes, _ offset: Int) throws(PackageError) -> Int {
            let place = try image.u64(at: offset)
            guard place < image.count else { throw .damaged("a table is outside of it") }
            return place
        }
    }
}
