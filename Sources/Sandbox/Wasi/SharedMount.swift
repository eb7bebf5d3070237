/// A file or folder that the calls of a tenant share, as it was when it was looked up.
final class SharedNode {
    let path: String
    let status: FileStatus
    /// What its bytes are named by; empty for a folder.
    let content: [UInt8]
    /// The part of its bytes that was read last.
    var window: (offset: Int, bytes: [UInt8]) = (0, [])

    init(_ path: String, size: UInt64, modifiedMicroseconds: UInt64, content: [UInt8]) {
        self.path = path
        self.content = content
        // An inode is told by its path, below those of `/tmp` and above those of the read-only tree.
        let hash = path.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        status = FileStatus(
            inode: hash | 1 << 63, type: content.isEmpty ? .directory : .regularFile, size: size,
            modifiedNanoseconds: modifiedMicroseconds.multipliedReportingOverflow(by: 1000).partialValue)
    }

    /// A folder.
    convenience init(folder path: String) { self.init(path, size: 0, modifiedMicroseconds: 0, content: []) }
}

/// What of a shared file is written when its last descriptor is closed.
final class SharedWrite {
    let path: String
    var isDirty: Bool

    init(_ path: String, isDirty: Bool) {
        self.path = path
        self.isDirty = isDirty
    }
}

/// What the platform is asked of shared files.
enum SharedRequest: Hashable {
    case status(String)
    case list(String)
    /// Some of the bytes of a file from an offset on, or all of them.
    case read(content: [UInt8], offset: Int, count: Int)
    case all(content: [UInt8], size: Int)
    /// ``SharedMount/outgoing`` is to be the file's content.
    case write(String)
    case delete(String)
    case move(String, String)
}

enum SharedAnswer {
    case node(SharedNode?)
    case entries([(name: String, isFolder: Bool)])
    case bytes([UInt8])
    case done
    case failed(Errno)
}

/// The files that the calls of a tenant share, below `faasm:`, as one call sees them.
///
/// Functions of WASI run while the guest's memory is held, where nobody may wait. So what must be asked is noted as `pending`, the
/// function ends with ``Errno/again``, the platform is asked, and the function runs again, which finds the answer.
final class SharedMount {
    static let name = "faasm:"
    /// What is read ahead, in bytes.
    static let windowBytes = 1 << 20

    private(set) var pending: SharedRequest?
    var outgoing: [UInt8] = []
    private var answers: [SharedRequest: SharedAnswer] = [:]
    /// Folders that the call made: others see them once there is a file in them.
    private var made: Set<String> = []

    /// Forgets what was answered: another function of WASI begins.
    func begin() {
        if !answers.isEmpty { answers = [:] }
    }

    /// The answer to what is pending.
    func take(_ answer: SharedAnswer) {
        guard let request = pending else { return }
        answers[request] = answer
        (pending, outgoing) = (nil, [])
    }

    func answer(_ request: SharedRequest) throws(Errno) -> SharedAnswer {
        guard let answer = answers[request] else {
            pending = request
            throw .again
        }
        if case .failed(let number) = answer { throw number }
        return answer
    }

    /// What is at a path; the empty one is the outermost folder.
    func find(_ path: String) throws(Errno) -> SharedNode {
        if path.isEmpty || made.contains(path) { return SharedNode(folder: path) }
        guard case .node(let node?) = try answer(.status(path)) else { throw .noent }
        return node
    }

    func entries(_ folder: SharedNode) throws(Errno) -> [(name: String, status: FileStatus)] {
        guard folder.content.isEmpty else { throw .notdir }
        let start = folder.path.isEmpty ? "" : folder.path + "/"
        var entries: [(name: String, isFolder: Bool)] = []
        do throws(Errno) {
            if case .entries(let found) = try answer(.list(folder.path)) { entries = found }
        } catch { guard error == .noent, made.contains(folder.path) else { throw error } }
        return entries.map { entry in
            let content: [UInt8] = entry.isFolder ? [] : [1]
            let node = SharedNode(start + entry.name, size: 0, modifiedMicroseconds: 0, content: content)
            return (entry.name, node.status)
        }
    }

    /// Gives `body` bytes of a file from `offset` on: some of them, none at its end.
    func read<Result>(
        _ node: SharedNode, from offset: Int, _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(Errno) -> Result {
        guard !node.content.isEmpty else { throw .isdir }
        let end = Int(clamping: node.status.size)
        guard offset < end else { return body(UnsafeRawBufferPointer(start: nil, count: 0)) }
        if !(node.window.offset..<node.window.offset + node.window.bytes.count).contains(offset) {
            let count = min(Self.windowBytes, end - offset)
            if case .bytes(let bytes) = try answer(.read(content: node.content, offset: offset, count: count)) {
                node.window = (offset, bytes)
            }
        }
        let start = min(offset - node.window.offset, node.window.bytes.count)
        return node.window.bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start...])) }
    }

    /// All bytes of a file.
    func all(_ node: SharedNode) throws(Errno) -> [UInt8] {
        guard !node.content.isEmpty else { throw .isdir }
        let request = SharedRequest.all(content: node.content, size: Int(clamping: node.status.size))
        guard case .bytes(let bytes) = try answer(request) else { throw .io }
        return bytes
    }

    /// Makes bytes the content of a file, for all.
    func write(_ path: String, _ bytes: [UInt8]) throws(Errno) {
        let request = SharedRequest.write(path)
        if answers[request] == nil { outgoing = bytes }
        // Another descriptor may have another content for the same path.
        defer { answers[request] = nil }
        _ = try answer(request)
    }

    func makeFolder(_ path: String) throws(Errno) {
        do throws(Errno) { _ = try find(path) } catch {
            guard error == .noent else { throw error }
            made.insert(path)
            return
        }
        throw .exist
    }

    func remove(_ path: String, directory: Bool) throws(Errno) {
        if directory, made.remove(path) != nil { return }
        let isFolder = try find(path).content.isEmpty
        guard !isFolder else { throw directory ? .notempty : .isdir }
        guard !directory else { throw .notdir }
        _ = try answer(.delete(path))
    }
}
