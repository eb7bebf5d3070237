/// Files that the calls of a tenant share: `faasm://PATH`, which C libraries and Python make `faasm:/PATH` of.
extension FileSystem {
    /// The path among the shared files of components that begin with ``SharedMount/name``.
    static func sharedPath(_ components: some Collection<Substring>) -> String {
        components.dropFirst().joined(separator: "/")
    }

    /// Refuses texts that look like a way out: what follows `faasm://` is relative, without `..` and empty names.
    static func checkShared(_ path: String) throws(Errno) {
        let start = "/\(SharedMount.name)/"
        guard path.utf8.contains(UInt8(ascii: ":")), ("/" + path.drop { $0 == "/" }).hasPrefix(start) else { return }
        var rest = path.drop { $0 == "/" }.dropFirst(SharedMount.name.count + 1)
        if rest.first == "/" { rest = rest.dropFirst() }
        if rest.last == "/" { rest = rest.dropLast() }
        guard !rest.isEmpty else { return }
        let names = rest.split(separator: "/", omittingEmptySubsequences: false)
        guard !names.contains(where: { $0.isEmpty || $0 == ".." }) else { throw .inval }
    }

    mutating func openShared(
        _ parts: [Substring], _ flags: UInt32, _ mayWrite: Bool, _ appends: Bool
    ) throws(Errno) -> UInt32 {
        let path = Self.sharedPath(parts)
        var found: SharedNode?
        do throws(Errno) { found = try shared.find(path) } catch {
            guard error == .noent, flags & OpenFlags.create != 0 else { throw error }
        }
        if found != nil, flags & OpenFlags.create != 0, flags & OpenFlags.exclusive != 0 { throw .exist }
        let isFolder = found?.content.isEmpty ?? false
        guard flags & OpenFlags.directory == 0 || isFolder else { throw .notdir }
        var file = OpenFile(place: .fixed(FileTree.root), path: parts.joined(separator: "/"))
        if let found, !mayWrite, flags & OpenFlags.truncate == 0 {
            file.place = .shared(found)
            return try add(file)
        }
        guard !isFolder else { throw .isdir }
        // What is written is with the call until it is closed.
        let isNew = found == nil || flags & OpenFlags.truncate != 0
        var bytes: [UInt8] = []
        if let found, !isNew {
            guard found.status.size <= ScratchTree.quotaBytes else { throw .fbig }
            bytes = try shared.all(found)
        }
        file.place = .scratch(try makeUnnamed(bytes))
        (file.mayWrite, file.appends) = (true, appends)
        file.written = SharedWrite(path, isDirty: isNew)
        return try add(file)
    }

    /// Makes what was written the file's content, for all.
    func writeShared(_ file: OpenFile) throws(Errno) {
        guard let written = file.written, written.isDirty, case .scratch(let node) = file.place else { return }
        do throws(Errno) { try shared.write(written.path, node.bytes) } catch {
            if error != .again { written.isDirty = false }
            throw error
        }
        written.isDirty = false
    }

    /// Writes what is open.
    func writeShared() throws(Errno) { for file in openFiles { try writeShared(file) } }

    /// Renames what is shared; false: neither is.
    func renameShared(_ from: [Substring], to: [Substring]) throws(Errno) -> Bool {
        let areShared = [from, to].map { $0.first == SharedMount.name[...] }
        guard areShared != [false, false] else { return false }
        guard areShared == [true, true] else { throw .xdev }
        _ = try shared.answer(.move(Self.sharedPath(from), Self.sharedPath(to)))
        return true
    }
}
