/// What one call sees as files: the read-only tree, `/tmp` of its own, and the descriptors that it opened.
struct FileSystem {
    /// A file or directory, found by its path.
    enum Place {
        case fixed(Int)
        case scratch(ScratchTree.Node)
        case shared(SharedNode)
    }

    /// What a descriptor stands for.
    struct OpenFile {
        var place: Place
        var path: String
        var offset = 0
        var mayWrite = false
        var appends = false
        /// What a shared file is that is being written; its bytes are in `place` until it is closed.
        var written: SharedWrite?
    }

    /// The root directory's descriptor; 0 to 2 are the standard streams.
    static let rootDescriptor: UInt32 = 3
    static let maximumDescriptors = 256
    static let scratchName = "tmp"
    static let maximumPathBytes = 4096
    /// Where a call's secrets are for programs, and where in `/tmp` they are in truth.
    static let secretsPath: [Substring] = ["var", "openfaas", "secrets"]
    static let secretsName: Substring = ".openfaas-secrets"

    /// The names under which the root is open from the start, from ``rootDescriptor`` on.
    static let root = ["/"]
    static let programPreopens = ["/", "."]

    /// What the calls of a tenant share.
    let shared = SharedMount()

    private let tree: FileTree
    private var open: [OpenFile?] = []
    /// What is below `/tmp`; nil until something is.
    private(set) var scratch: ScratchTree?
    private let preopens: [String]
    private let now: () -> UInt64

    init(tree: FileTree, preopens: [String] = root, now: @escaping () -> UInt64) {
        self.tree = tree
        self.preopens = preopens
        self.now = now
    }

    // MARK: Descriptors

    /// The paths of files that are open beside the root.
    var openPaths: [String] { open.compactMap { $0?.path } }

    /// The name of a directory that is open from the start.
    func preopen(_ descriptor: UInt32) -> String? {
        let index = Int(descriptor) - Int(Self.rootDescriptor)
        return preopens.indices.contains(index) ? preopens[index] : nil
    }

    /// Where a descriptor's file is in `open`.
    private func index(_ descriptor: UInt32) -> Int {
        Int(descriptor) - Int(Self.rootDescriptor) - preopens.count
    }

    func file(_ descriptor: UInt32) throws(Errno) -> OpenFile {
        if preopen(descriptor) != nil { return OpenFile(place: .fixed(FileTree.root), path: "") }
        let index = index(descriptor)
        guard open.indices.contains(index), let file = open[index] else { throw .badf }
        return file
    }

    /// Changes an open file; the root stays as it is.
    mutating func update(_ descriptor: UInt32, _ file: OpenFile) {
        guard preopen(descriptor) == nil else { return }
        open[index(descriptor)] = file
    }

    mutating func close(_ descriptor: UInt32) throws(Errno) {
        let file = try file(descriptor)
        guard preopen(descriptor) == nil else { throw .notsup }
        do throws(Errno) { try writeShared(file) } catch {
            // Whatever came of it, the descriptor is closed.
            if error != .again { drop(descriptor) }
            throw error
        }
        drop(descriptor)
    }

    private mutating func drop(_ descriptor: UInt32) {
        let index = index(descriptor)
        if case .scratch(let node) = open[index]?.place { scratch!.letGo(node) }
        open[index] = nil
    }

    mutating func renumber(_ from: UInt32, to: UInt32) throws(Errno) {
        let file = try file(from)
        _ = try self.file(to)
        guard preopen(from) == nil, preopen(to) == nil else { throw .notsup }
        guard from != to else { return }
        try writeShared(self.file(to))
        drop(to)
        open[index(from)] = nil
        open[index(to)] = file
    }

    /// Opens another descriptor for the same file, with an offset of its own from now on.
    mutating func duplicate(_ descriptor: UInt32) throws(Errno) -> UInt32 { try add(file(descriptor)) }

    mutating func add(_ file: OpenFile) throws(Errno) -> UInt32 {
        let free = open.firstIndex { $0 == nil } ?? open.count
        guard free < Self.maximumDescriptors else { throw .mfile }
        if free == open.count { open.append(file) } else { open[free] = file }
        if case .scratch(let node) = file.place { scratch!.hold(node) }
        return UInt32(free + preopens.count) + Self.rootDescriptor
    }

    // MARK: Paths

    /// The components of what `path` means below the directory of `descriptor`. A link at its end is followed where `follows`.
    func components(_ path: String, below descriptor: UInt32, follows: Bool = true) throws(Errno) -> [Substring] {
        guard path.utf8.count <= Self.maximumPathBytes, !path.utf8.contains(0) else { throw .inval }
        let start = try file(descriptor)
        try Self.checkShared(path)
        let parts = Self.resolved(path, below: start.path.split(separator: "/"))
        return try followingLinks(parts, last: follows || path.hasSuffix("/"))
    }

    /// The components of a path below others. `..` is resolved in the text; it stops at the root, as everywhere.
    static func resolved(_ path: String, below start: [Substring]) -> [Substring] {
        var result = start
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { _ = result.popLast() } else { result.append(part) }
        }
        guard result.first == secretsPath[0], result.starts(with: secretsPath) else { return result }
        return [scratchName[...], secretsName] + result.dropFirst(secretsPath.count)
    }

    private func find(_ components: some Collection<Substring>) throws(Errno) -> Place {
        if components.first == SharedMount.name[...] { return .shared(try shared.find(Self.sharedPath(components))) }
        if components.first == Self.scratchName[...], let scratch {
            var node = scratch.root
            for name in components.dropFirst() {
                guard let children = node.children else { throw .notdir }
                guard let child = children[String(name)] else { throw .noent }
                node = child
            }
            return .scratch(node)
        }
        var index = FileTree.root
        for name in components {
            guard case .directory(let children) = tree.nodes[index] else { throw .notdir }
            guard let child = children[String(name)] else { throw .noent }
            index = child
        }
        return .fixed(index)
    }

    func place(_ path: String, below descriptor: UInt32, follows: Bool = true) throws(Errno) -> Place {
        try find(components(path, below: descriptor, follows: follows))
    }

    /// The parent in `/tmp` and the name of what is to be made or removed.
    private mutating func scratchParent(_ parts: [Substring]) throws(Errno) -> (ScratchTree.Node, String) {
        guard parts.first == Self.scratchName[...] else { throw .rofs }
        guard parts.count > 1, let name = parts.last else { throw .perm }
        useScratch()
        guard case .scratch(let parent) = try find(parts.dropLast()), parent.isDirectory else { throw .notdir }
        return (parent, String(name))
    }

    /// As ``scratchParent(_:)``, for a name that there must not be yet.
    private mutating func newName(_ parts: [Substring]) throws(Errno) -> (ScratchTree.Node, String) {
        let (parent, name) = try scratchParent(parts)
        guard parent.children?[name] == nil else { throw .exist }
        return (parent, name)
    }

    var openFiles: [OpenFile] { open.compactMap { $0 } }

    /// A file in the call's memory that has no name.
    mutating func makeUnnamed(_ bytes: [UInt8]) throws(Errno) -> ScratchTree.Node {
        guard open.contains(where: { $0 == nil }) || open.count < Self.maximumDescriptors else { throw .mfile }
        useScratch()
        return try scratch!.makeUnnamed(bytes, now: now())
    }

    private mutating func useScratch() {
        if scratch == nil { scratch = ScratchTree(now: now()) }
    }

    // MARK: Operations

    mutating func open(
        _ path: String, below descriptor: UInt32, flags: UInt32, mayWrite: Bool, appends: Bool, follows: Bool = true
    ) throws(Errno) -> UInt32 {
        let isNew = flags & OpenFlags.create != 0 && flags & OpenFlags.exclusive != 0
        let parts = try components(path, below: descriptor, follows: follows && !isNew)
        if parts.first == SharedMount.name[...] { return try openShared(parts, flags, mayWrite, appends) }
        if parts.first == Self.scratchName[...] { useScratch() }
        let place = try findOrCreate(parts, flags: flags)
        let status = status(of: place)
        guard status.type != .symbolicLink else { throw .loop }
        if flags & OpenFlags.directory != 0, status.type != .directory { throw .notdir }
        if mayWrite || flags & OpenFlags.truncate != 0 {
            guard status.type != .directory else { throw .isdir }
            guard case .scratch(let node) = place else { throw .rofs }
            if flags & OpenFlags.truncate != 0 { try scratch!.resize(node, to: 0) }
        }
        return try add(OpenFile(place: place, path: parts.joined(separator: "/"), mayWrite: mayWrite, appends: appends))
    }

    private mutating func findOrCreate(_ parts: [Substring], flags: UInt32) throws(Errno) -> Place {
        var found: Place?
        do throws(Errno) { found = try find(parts) } catch { guard error == .noent else { throw error } }
        guard flags & OpenFlags.create != 0 else {
            guard let found else { throw .noent }
            return found
        }
        if let found {
            guard flags & OpenFlags.exclusive == 0 else { throw .exist }
            return found
        }
        let (parent, name) = try scratchParent(parts)
        return .scratch(try scratch!.make(.regularFile, named: name, in: parent, now: now()))
    }

    func status(of place: Place) -> FileStatus {
        switch place {
        case .scratch(let node): return node.status
        case .shared(let node): return node.status
        case .fixed(let index):
            switch tree.nodes[index] {
            case .directory: return FileStatus(inode: UInt64(index) + 1, type: .directory, size: 0)
            case .file(_, _, let count):
                return FileStatus(inode: UInt64(index) + 1, type: .regularFile, size: UInt64(count))
            }
        }
    }

    /// Gives `body` the bytes of an open file from `offset` on.
    func read<Result>(
        _ file: OpenFile, from offset: Int, _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(Errno) -> Result {
        guard offset >= 0 else { throw .inval }
        switch file.place {
        case .scratch(let node):
            guard !node.isDirectory else { throw .isdir }
            return node.bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[min(offset, $0.count)...])) }
        case .shared(let node): return try shared.read(node, from: offset, body)
        case .fixed(let index):
            guard case .file(let archive, let start, let count) = tree.nodes[index] else { throw .isdir }
            let skipped = min(offset, count)
            return body(tree.contents(archive: archive, offset: start + skipped, count: count - skipped))
        }
    }

    mutating func write(_ source: UnsafeRawBufferPointer, to file: OpenFile, at offset: Int) throws(Errno) {
        guard file.mayWrite, case .scratch(let node) = file.place else { throw .badf }
        try scratch!.write(source, to: node, at: offset, now: now())
        file.written?.isDirty = true
    }

    /// Writes where a descriptor stands, which may be one of the standard streams.
    mutating func write(_ bytes: [UInt8], to descriptor: UInt32, log: inout LogCollector) throws(Errno) {
        if let stream = WasiFunctions.stream(descriptor) {
            return bytes.withUnsafeBytes { log.write($0, to: stream, now: Clock.timestamp()) }
        }
        var file = try file(descriptor)
        let offset = file.appends ? Int(status(of: file.place).size) : file.offset
        let result = bytes.withUnsafeBytes { source in
            Result { () throws(Errno) in try write(source, to: file, at: offset) }
        }
        try result.get()
        file.offset = offset + bytes.count
        update(descriptor, file)
    }

    /// All of a file.
    func contents(of path: String) throws(Errno) -> [UInt8] {
        try contents(of: OpenFile(place: place(path, below: Self.rootDescriptor), path: path))
    }

    /// The bytes of a file from `offset` on.
    func contents(of file: OpenFile, from offset: Int = 0) throws(Errno) -> [UInt8] {
        if case .shared(let node) = file.place { return Array(try shared.all(node).dropFirst(offset)) }
        return try read(file, from: offset) { Array($0) }
    }

    mutating func truncate(_ file: OpenFile, to count: UInt64) throws(Errno) {
        guard file.mayWrite, case .scratch(let node) = file.place else { throw .badf }
        guard count <= ScratchTree.quotaBytes else { throw .nospc }
        try scratch!.resize(node, to: Int(count))
        file.written?.isDirty = true
    }

    /// Makes a file at least so long.
    mutating func allocate(_ file: OpenFile, _ count: UInt64) throws(Errno) {
        if count > status(of: file.place).size { try truncate(file, to: count) }
    }

    mutating func makeDirectory(_ path: String, below descriptor: UInt32) throws(Errno) {
        let parts = try components(path, below: descriptor, follows: false)
        if parts.first == SharedMount.name[...] { return try shared.makeFolder(Self.sharedPath(parts)) }
        let (parent, name) = try newName(parts)
        _ = try scratch!.make(.directory, named: name, in: parent, now: now())
    }

    mutating func remove(_ path: String, below descriptor: UInt32, directory: Bool) throws(Errno) {
        let parts = try components(path, below: descriptor, follows: false)
        if parts.first == SharedMount.name[...] {
            return try shared.remove(Self.sharedPath(parts), directory: directory)
        }
        let (parent, name) = try scratchParent(parts)
        guard let node = parent.children?[name] else { throw .noent }
        if let children = node.children {
            guard directory else { throw .isdir }
            guard children.isEmpty else { throw .notempty }
        } else if directory {
            throw .notdir
        }
        scratch!.remove(name, from: parent)
    }

    mutating func rename(
        _ path: String, below descriptor: UInt32, to newPath: String, below newDescriptor: UInt32
    ) throws(Errno) {
        let from = try components(path, below: descriptor, follows: false)
        let to = try components(newPath, below: newDescriptor, follows: false)
        if try renameShared(from, to: to) { return }
        let (parent, name) = try scratchParent(from)
        let (newParent, newName) = try scratchParent(to)
        guard let node = parent.children?[name] else { throw .noent }
        // A directory must not become its own descendant.
        if node.isDirectory, to.starts(with: from), to != from { throw .inval }
        if let old = newParent.children?[newName] {
            // Two names of one file, or one name: nothing is done.
            if old === node { return }
            guard old.isDirectory == node.isDirectory else { throw old.isDirectory ? .isdir : .notdir }
            guard old.children?.isEmpty ?? true else { throw .notempty }
            scratch!.remove(newName, from: newParent)
        }
        parent.children?[name] = nil
        newParent.children?[newName] = node
    }

    /// Makes a symbolic link, which need not lead anywhere.
    mutating func makeLink(to target: String, at path: String, below descriptor: UInt32) throws(Errno) {
        guard (1...Self.maximumPathBytes).contains(target.utf8.count), !target.utf8.contains(0) else { throw .inval }
        let (parent, name) = try newName(components(path, below: descriptor, follows: false))
        try scratch!.makeLink(to: Array(target.utf8), named: name, in: parent, now: now())
    }

    /// Gives a file in `/tmp` one more name there.
    mutating func addName(
        _ newPath: String, below newDescriptor: UInt32, to path: String, below descriptor: UInt32, follows: Bool
    ) throws(Errno) {
        let (parent, name) = try newName(components(newPath, below: newDescriptor, follows: false))
        guard case .scratch(let node) = try place(path, below: descriptor, follows: follows) else { throw .xdev }
        guard !node.isDirectory else { throw .perm }
        try scratch!.add(name, of: node, in: parent, now: now())
    }

    /// Sets when a file in `/tmp` was changed last, as ``TimeFlags`` say; others keep their times.
    func setTimes(of place: Place, _ flags: UInt32, modified: UInt64) throws(Errno) {
        guard let time = try TimeFlags.modified(flags, modified, now: now()), case .scratch(let node) = place else {
            return
        }
        node.modifiedNanoseconds = time
    }

    /// The entries of a directory, in a fixed order.
    func entries(_ file: OpenFile) throws(Errno) -> [(name: String, status: FileStatus)] {
        var names: [(String, FileStatus)]
        switch file.place {
        case .scratch(let node):
            guard let children = node.children else { throw .notdir }
            names = children.map { ($0.key, $0.value.status) }
        case .shared(let node): return try shared.entries(node)
        case .fixed(let index):
            guard case .directory(let children) = tree.nodes[index] else { throw .notdir }
            names = children.map { ($0.key, status(of: .fixed($0.value))) }
        }
        names.sort { $0.0 < $1.0 }
        return names
    }
}
