public import Kernel
internal import Synchronization

/// A read-only tree of files that guests see: directories in memory, contents in a mapped archive.
public final class FileTree: Sendable {
    enum Node: Sendable {
        case directory([String: Int])
        case file(offset: Int, count: Int)
    }

    static let root = 0

    let nodes: [Node]
    private let archive: MappedFile

    /// Reads the directory of a zip archive whose entries are stored uncompressed, and puts its tree below `mountPoint`
    /// (`lib/python3.13`). Directories named in `empty` exist besides.
    public init(storedZip descriptor: consuming Descriptor, mountPoint: String, empty: [String] = []) throws(ImageError)
    {
        archive = try MappedFile(descriptor)
        var builder = Builder()
        for path in empty { _ = builder.directory(path) }
        let prefix = mountPoint + "/"
        for entry in try ZipDirectory.entries(of: archive.bytes) {
            if entry.name.hasSuffix("/") {
                _ = builder.directory(prefix + entry.name.dropLast())
            } else {
                builder.add(prefix + entry.name, .file(offset: entry.offset, count: entry.count))
            }
        }
        nodes = builder.nodes
    }

    /// A tree of a few small files.
    init(files: [(path: String, content: String)], empty: [String] = []) throws(ImageError) {
        guard let file = Descriptor.memoryFile("files"),
            Array(files.map(\.content).joined().utf8).withUnsafeBytes({ file.write($0) })
        else { throw ImageError("no memory for a few files") }
        archive = try MappedFile(file)
        var builder = Builder()
        for path in empty { _ = builder.directory(path) }
        var offset = 0
        for (path, content) in files {
            builder.add(path, .file(offset: offset, count: content.utf8.count))
            offset += content.utf8.count
        }
        nodes = builder.nodes
    }

    func contents(offset: Int, count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: archive.bytes[offset..<offset + count])
    }

    private struct Builder {
        var nodes: [Node] = [.directory([:])]

        mutating func directory(_ path: some StringProtocol) -> Int {
            path.split(separator: "/").reduce(FileTree.root) { parent, name in
                child(String(name), of: parent) ?? insert(.directory([:]), String(name), into: parent)
            }
        }

        mutating func add(_ path: String, _ node: Node) {
            guard let slash = path.lastIndex(of: "/") else { return }
            let parent = directory(path[..<slash])
            _ = insert(node, String(path[path.index(after: slash)...]), into: parent)
        }

        private func child(_ name: String, of parent: Int) -> Int? {
            guard case .directory(let children) = nodes[parent] else { return nil }
            return children[name]
        }

        private mutating func insert(_ node: Node, _ name: String, into parent: Int) -> Int {
            guard case .directory(var children) = nodes[parent] else { return FileTree.root }
            nodes[parent] = .directory([:])
            nodes.append(node)
            children[name] = nodes.count - 1
            nodes[parent] = .directory(children)
            return nodes.count - 1
        }
    }
}

/// The central directory of a zip archive (PKWARE APPNOTE 4.3.12), as far as stored entries need it.
enum ZipDirectory {
    struct Entry: Equatable {
        var name: String
        var offset: Int
        var count: Int
    }

    static let maximumEntries = 65_535

    /// The entries of an archive; the sentence of the error says what is wrong with it.
    static func entries(of archive: UnsafeRawBufferPointer) throws(ImageError) -> [Entry] {
        func number<Value: FixedWidthInteger>(_ offset: Int, _: Value.Type) throws(ImageError) -> Int {
            guard offset >= 0, offset + MemoryLayout<Value>.size <= archive.count else {
                throw ImageError("the archive is cut off")
            }
            return Int(Value(littleEndian: archive.loadUnaligned(fromByteOffset: offset, as: Value.self)))
        }
        // The end record, without a comment.
        let end = archive.count - 22
        guard try number(end, UInt32.self) == 0x0605_4B50 else { throw ImageError("this is no zip archive") }
        let count = try number(end + 10, UInt16.self)
        var position = try number(end + 16, UInt32.self)
        var entries: [Entry] = []
        entries.reserveCapacity(count)
        for _ in 0..<count {
            guard try number(position, UInt32.self) == 0x0201_4B50 else {
                throw ImageError("the archive's directory is damaged")
            }
            let method = try number(position + 10, UInt16.self)
            let size = try number(position + 24, UInt32.self)
            let nameLength = try number(position + 28, UInt16.self)
            let header = try number(position + 42, UInt32.self)
            guard method == 0, try number(position + 20, UInt32.self) == size else {
                throw ImageError("the archive has a compressed entry: store them uncompressed")
            }
            guard position + 46 + nameLength <= archive.count else { throw ImageError("the archive is cut off") }
            let name = String(decoding: archive[(position + 46)..<(position + 46 + nameLength)], as: UTF8.self)
            let data = try header + 30 + number(header + 26, UInt16.self) + number(header + 28, UInt16.self)
            guard data + size <= archive.count else { throw ImageError("the archive is cut off") }
            let parts = name.split(separator: "/", omittingEmptySubsequences: false)
            guard !name.hasPrefix("/"), !parts.contains(".."), !parts.contains(".") else {
                throw ImageError("the archive has an entry outside its tree: \(name)")
            }
            entries.append(Entry(name: name, offset: data, count: size))
            position += try 46 + nameLength + number(position + 30, UInt16.self) + number(position + 32, UInt16.self)
        }
        return entries
    }
}
