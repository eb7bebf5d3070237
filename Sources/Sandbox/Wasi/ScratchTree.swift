internal import Glibc

/// The files of one call below `/tmp`: in memory, bounded, gone with the call.
struct ScratchTree {
    final class Node {
        let type: FileType
        var children: [String: Node]?
        /// A file's content; of a link, the path that it stands for.
        var bytes: [UInt8] = []
        var modifiedNanoseconds: UInt64
        let inode: UInt64
        /// How many names it has, and how many descriptors hold it: its bytes count until it has neither.
        fileprivate var names = 1
        fileprivate var descriptors = 0

        init(_ type: FileType, inode: UInt64, now: UInt64) {
            self.type = type
            children = type == .directory ? [:] : nil
            self.inode = inode
            modifiedNanoseconds = now
        }

        var isDirectory: Bool { type == .directory }
        var isLink: Bool { type == .symbolicLink }

        var status: FileStatus {
            FileStatus(
                inode: inode, type: type, size: UInt64(bytes.count), modifiedNanoseconds: modifiedNanoseconds,
                links: UInt64(names))
        }
    }

    /// What all files of a call may hold together.
    static let quotaBytes = 64 << 20
    /// How many files and directories a call may have made.
    static let maximumNodes = 10_000

    /// Inodes of this tree start here, above those of the read-only tree.
    private static let firstInode: UInt64 = 1 << 32

    let root: Node
    private var usedBytes = 0
    private var madeNodes = 0
    /// Whether there ever was a symbolic link: without one, no path need be looked at for them.
    private(set) var hasLinks = false

    init(now: UInt64) { root = Node(.directory, inode: Self.firstInode, now: now) }

    mutating func make(_ type: FileType, named name: String, in parent: Node, now: UInt64) throws(Errno) -> Node {
        guard madeNodes < Self.maximumNodes else { throw .nospc }
        guard name.utf8.count <= 255 else { throw .inval }
        madeNodes += 1
        let node = Node(type, inode: Self.firstInode + UInt64(madeNodes), now: now)
        parent.children?[name] = node
        parent.modifiedNanoseconds = now
        return node
    }

    /// Makes a symbolic link to a path.
    mutating func makeLink(to target: [UInt8], named name: String, in parent: Node, now: UInt64) throws(Errno) {
        guard usedBytes + target.count <= Self.quotaBytes else { throw .nospc }
        try make(.symbolicLink, named: name, in: parent, now: now).bytes = target
        usedBytes += target.count
        hasLinks = true
    }

    /// Gives a file one more name.
    mutating func add(_ name: String, of node: Node, in parent: Node, now: UInt64) throws(Errno) {
        guard madeNodes < Self.maximumNodes else { throw .nospc }
        guard name.utf8.count <= 255 else { throw .inval }
        madeNodes += 1
        node.names += 1
        parent.children?[name] = node
        parent.modifiedNanoseconds = now
    }

    /// A file without a name, which lives as long as descriptors hold it.
    mutating func makeUnnamed(_ bytes: [UInt8], now: UInt64) throws(Errno) -> Node {
        guard madeNodes < Self.maximumNodes, usedBytes + bytes.count <= Self.quotaBytes else { throw .nospc }
        madeNodes += 1
        usedBytes += bytes.count
        let node = Node(.regularFile, inode: Self.firstInode + UInt64(madeNodes), now: now)
        (node.bytes, node.names) = (bytes, 0)
        return node
    }

    mutating func remove(_ name: String, from parent: Node) {
        guard let node = parent.children?.removeValue(forKey: name) else { return }
        node.names -= 1
        releaseIfUnused(node)
    }

    /// A descriptor was opened for `node`.
    mutating func hold(_ node: Node) { node.descriptors += 1 }

    /// A descriptor of `node` was closed.
    mutating func letGo(_ node: Node) {
        node.descriptors -= 1
        releaseIfUnused(node)
    }

    private mutating func releaseIfUnused(_ node: Node) {
        guard node.names == 0, node.descriptors == 0 else { return }
        usedBytes -= node.bytes.count
        node.bytes = []
    }

    mutating func resize(_ node: Node, to count: Int) throws(Errno) {
        let grown = count - node.bytes.count
        guard count >= 0, usedBytes + max(grown, 0) <= Self.quotaBytes else { throw .nospc }
        if grown > 0 { node.bytes += Self.zeros(grown) } else { node.bytes.removeLast(-grown) }
        usedBytes += grown
    }

    private static func zeros(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { bytes, initialized in
            memset(bytes.baseAddress!, 0, count)
            initialized = count
        }
    }

    mutating func write(_ source: UnsafeRawBufferPointer, to node: Node, at offset: Int, now: UInt64) throws(Errno) {
        guard offset >= 0, offset <= Self.quotaBytes else { throw .fbig }
        if offset + source.count > node.bytes.count { try resize(node, to: offset + source.count) }
        node.bytes.withUnsafeMutableBytes { target in
            UnsafeMutableRawBufferPointer(rebasing: target[offset..<offset + source.count]).copyMemory(from: source)
        }
        node.modifiedNanoseconds = now
    }
}
