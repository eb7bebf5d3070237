internal import Kernel

/// A read-only tree of files that guests see: directories in memory, contents in mapped archives.
final class FileTree: Sendable {
    enum Node: Sendable {
        case directory([String: Int])
        /// Where the content is in one of the archives.
        case file(archive: Int, offset: Int, count: Int)
    }

    static let root = 0

    let nodes: [Node]
    private let archives: [MappedFile]

    /// The tree of an archive below `mountPoint` (`lib/python3.13`). Directories named in `empty` exist besides.
    convenience init(
        storedZip descriptor: consuming Descriptor, mountPoint: String, empty: [String] = []
    ) throws(ImageError) {
        self.init(try StoredArchive(descriptor), mountPoint: mountPoint, empty: empty)
    }

    init(_ archive: StoredArchive, mountPoint: String, empty: [String] = []) {
        var builder = Builder()
        for path in empty { _ = builder.directory(path) }
        builder.mount(archive.entries, below: mountPoint, archive: 0)
        nodes = builder.nodes
        archives = [archive.file]
    }

    /// A tree that has what `other` has, and archives below further folders. Where two have a file of one path, the later one's
    /// is seen.
    init(_ other: FileTree, adding mounts: [MountedPackage]) {
        var builder = Builder(nodes: other.nodes)
        for (index, mount) in mounts.enumerated() {
            builder.mount(mount.package.entries, below: mount.path, archive: other.archives.count + index)
        }
        nodes = builder.nodes
        archives = other.archives + mounts.map(\.package.file)
    }

    /// A tree that has what `other` has, if any, a few small files, and folders under another name.
    init(
        _ other: FileTree? = nil, files: [(path: String, content: String)], empty: [String] = [],
        aliases: [(path: String, folder: String)] = []
    ) throws(ImageError) {
        guard let file = Descriptor.memoryFile("files"),
            Array(files.map(\.content).joined().utf8).withUnsafeBytes({ file.write($0) })
        else { throw ImageError("no memory for a few files") }
        let before = other?.archives ?? []
        archives = before + [try MappedFile(file)]
        var builder = other.map { Builder(nodes: $0.nodes) } ?? Builder()
        for path in empty { _ = builder.directory(path) }
        var offset = 0
        for (path, content) in files {
            builder.add(path, .file(archive: before.count, offset: offset, count: content.utf8.count))
            offset += content.utf8.count
        }
        for (path, folder) in aliases {
            if let index = builder.directory(folder) { builder.add(path, builder.nodes[index]) }
        }
        nodes = builder.nodes
    }

    /// A tree that has what `other` has, and a file that is a part of another; where `other` has one of that path, it stays.
    init(_ other: FileTree, adding path: String, in file: MappedFile, at range: Range<Int>) {
        var builder = Builder(nodes: other.nodes)
        let isNew = builder.index(path) == nil
        if isNew {
            builder.add(path, .file(archive: other.archives.count, offset: range.lowerBound, count: range.count))
        }
        nodes = builder.nodes
        archives = isNew ? other.archives + [file] : other.archives
    }

    func contents(archive: Int, offset: Int, count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: archives[archive].bytes[offset..<offset + count])
    }

    private struct Builder {
        var nodes: [Node] = [.directory([:])]

        mutating func mount(_ entries: [ZipDirectory.Entry], below mountPoint: String, archive: Int) {
            let prefix = mountPoint + "/"
            for entry in entries {
                if entry.name.hasSuffix("/") {
                    _ = directory(prefix + entry.name.dropLast())
                } else {
                    add(prefix + entry.name, .file(archive: archive, offset: entry.offset, count: entry.count))
                }
            }
        }

        /// What is at a path; nil: nothing.
        func index(_ path: some StringProtocol) -> Int? {
            var index = FileTree.root
            for name in path.split(separator: "/") {
                guard case .directory(let children) = nodes[index], let child = children[String(name)] else {
                    return nil
                }
                index = child
            }
            return index
        }

        /// The directory of a path, made where it is missing; nil where a file is in the way.
        mutating func directory(_ path: some StringProtocol) -> Int? {
            var index = FileTree.root
            for name in path.split(separator: "/") {
                guard case .directory(let children) = nodes[index] else { return nil }
                index = children[String(name)] ?? insert(.directory([:]), String(name), into: index)
            }
            if case .directory = nodes[index] { return index }
            return nil
        }

        mutating func add(_ path: String, _ node: Node) {
            guard let slash = path.lastIndex(of: "/"), let parent = directory(path[..<slash]) else { return }
            _ = insert(node, String(path[path.index(after: slash)...]), into: parent)
        }

        /// Puts a node into a directory and returns its index.
        private mutating func insert(_ node: Node, _ name: String, into parent: Int) -> Int {
            guard case .directory(var children) = nodes[parent] else { return parent }
            nodes[parent] = .directory([:])
            nodes.append(node)
            children[name] = nodes.count - 1
            nodes[parent] = .directory(children)
            return nodes.count - 1
        }
    }
}
