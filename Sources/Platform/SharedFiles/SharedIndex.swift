public import Model

/// A shared file: what its bytes are named by, how many they are, and when it was written.
public struct SharedFile: Hashable, Sendable {
    public var content: BlobHash
    public var size: Int
    public var modifiedAt: Timestamp

    /// As the store keeps it: three ``HostFields``.
    var record: [UInt8] {
        HostFields.encode([
            content.bytes, HostFields.bytes(UInt64(size)), HostFields.bytes(UInt64(modifiedAt.microseconds)),
        ])
    }

    init(content: BlobHash, size: Int, modifiedAt: Timestamp) {
        self.content = content
        self.size = size
        self.modifiedAt = modifiedAt
    }

    /// Nil: the bytes are something else.
    init?(record: [UInt8]) {
        guard let fields = try? HostFields.decode(record), fields.count == 3, let content = BlobHash(bytes: fields[0]),
            let size = HostFields.number(fields[1], as: UInt64.self),
            let time = HostFields.number(fields[2], as: UInt64.self)
        else { return nil }
        self.init(
            content: content, size: Int(clamping: size), modifiedAt: Timestamp(microseconds: Int64(clamping: time)))
    }
}

/// Which shared files there are, by tenant and path. A folder is there as long as a file is in it.
struct SharedIndex {
    private struct Tenant {
        var files: [SharedPath: SharedFile] = [:]
        /// How many files are in a folder, at any depth.
        var folders: [String: Int] = [:]
        /// How many paths have this content.
        var uses: [BlobHash: Int] = [:]
        /// Content that no path has any more, and since when.
        var retired: [BlobHash: Timestamp] = [:]

        mutating func put(_ file: SharedFile, at path: SharedPath, now: Timestamp) -> SharedFile? {
            let old = remove(path, now: now)
            files[path] = file
            uses[file.content, default: 0] += 1
            retired[file.content] = nil
            for folder in path.folders { folders[folder, default: 0] += 1 }
            return old
        }

        mutating func remove(_ path: SharedPath, now: Timestamp) -> SharedFile? {
            guard let old = files.removeValue(forKey: path) else { return nil }
            uses[old.content] = uses[old.content].flatMap { $0 > 1 ? $0 - 1 : nil }
            if uses[old.content] == nil { retired[old.content] = now }
            for folder in path.folders { folders[folder] = folders[folder].flatMap { $0 > 1 ? $0 - 1 : nil } }
            return old
        }
    }

    private var tenants: [Namespace: Tenant] = [:]

    func find(_ path: SharedPath, of tenant: Namespace) -> SharedFiles.Found? {
        guard let files = tenants[tenant] else { return nil }
        if let file = files.files[path] { return .file(file) }
        return files.folders[path.text] == nil ? nil : .folder
    }

    func count(of tenant: Namespace) -> Int { tenants[tenant]?.files.count ?? 0 }

    /// What is in a folder (nil: the outermost), by name; nil where there is none.
    func list(_ folder: SharedPath?, of tenant: Namespace) -> [(name: String, isFolder: Bool)]? {
        let files = tenants[tenant] ?? Tenant()
        if let folder, files.folders[folder.text] == nil { return nil }
        let start = folder.map { $0.text + "/" } ?? ""
        var kinds: [String: Bool] = [:]
        for path in files.files.keys where path.text.utf8.starts(with: start.utf8) {
            let rest = path.text.utf8.dropFirst(start.utf8.count)
            let name = rest.prefix { $0 != UInt8(ascii: "/") }
            kinds[String(Substring(name))] = name.count < rest.count
        }
        return kinds.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Whether a tenant may read this content: a path of his has it, or had it lately.
    func mayRead(_ content: BlobHash, of tenant: Namespace) -> Bool {
        tenants[tenant].map { $0.uses[content] != nil || $0.retired[content] != nil } ?? false
    }

    /// Returns the file that was there.
    @discardableResult
    mutating func put(_ file: SharedFile, at path: SharedPath, of tenant: Namespace, now: Timestamp) -> SharedFile? {
        tenants[tenant, default: Tenant()].put(file, at: path, now: now)
    }

    @discardableResult
    mutating func remove(_ path: SharedPath, of tenant: Namespace, now: Timestamp) -> SharedFile? {
        tenants[tenant]?.remove(path, now: now)
    }

    /// All content that must stay: what was retired before `time` need not.
    mutating func contents(retiredSince time: Timestamp) -> Set<BlobHash> {
        var all: Set<BlobHash> = []
        for key in tenants.keys {
            tenants[key]!.retired = tenants[key]!.retired.filter { $0.value >= time }
            all.formUnion(tenants[key]!.uses.keys)
            all.formUnion(tenants[key]!.retired.keys)
        }
        return all
    }

    /// Bytes of each tenant.
    var usage: [String: Int] {
        Dictionary(
            uniqueKeysWithValues: tenants.map { ($0.key.rawValue, $0.value.files.values.reduce(0) { $0 + $1.size }) })
    }
}
