import Blobs
import Kernel
public import Model
public import Storage
import Synchronization

/// Files that the functions of a tenant share, which they see as `faasm://PATH`. A file is replaced as a whole, and whoever
/// opens it from then on sees the new one; who has it open goes on reading what it was.
public final class SharedFiles: Sendable {
    /// What is at a path.
    public enum Found: Sendable {
        case folder
        case file(SharedFile)
    }

    /// Bytes of one file.
    public static let maximumFileBytes = 1 << 30
    /// Bytes of a tenant's files.
    static let maximumTenantBytes = 4 << 30
    /// Files of a tenant.
    static let maximumFiles = 10_000
    /// How long the bytes of a replaced file are kept for calls that have it open.
    private static let retirement: Duration = .seconds(3600)

    private let blobs: BlobFolder
    private let ledger = QuotaLedger(maximumBytesPerOwner: maximumTenantBytes)
    private let store: any DocumentStore
    private let time: TimeSource
    private let index: Mutex<SharedIndex>
    /// One change of a tenant's files at a time.
    private let changes = KeyedGate<Namespace>()

    /// Opens the files whose bytes are in `folder`, which no other process may have open.
    public init(
        folder: String, store: any DocumentStore, time: TimeSource = .system
    ) async throws(PlatformError) {
        self.store = store
        self.time = time
        do throws(BlobError) { blobs = try BlobFolder(path: folder) } catch { throw PlatformError(error) }
        var index = SharedIndex()
        for (name, bytes) in try await PlatformError.storing({ try await store.documents(.sharedFile) }) {
            let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
            guard parts.count == 2, let tenant = try? Namespace(parts[0]), let path = try? SharedPath(parts[1]),
                let file = SharedFile(record: bytes)
            else { continue }
            index.put(file, at: path, of: tenant, now: time.now())
        }
        ledger.replaceStored(by: index.usage)
        self.index = Mutex(index)
    }

    // MARK: Reading

    /// Nil: there is nothing.
    public func find(_ path: SharedPath, of tenant: Namespace) -> Found? {
        index.withLock { $0.find(path, of: tenant) }
    }

    /// What is in a folder (nil: the outermost), by name; nil where there is none.
    func list(_ folder: SharedPath?, of tenant: Namespace) -> [(name: String, isFolder: Bool)]? {
        index.withLock { $0.list(folder, of: tenant) }
    }

    /// At most `count` bytes from `offset` of what a file was when it was found.
    public func read(
        _ content: BlobHash, at offset: Int, count: Int, of tenant: Namespace
    ) throws(PlatformError) -> [UInt8] {
        if index.withLock({ $0.mayRead(content, of: tenant) }) {
            do throws(BlobError) {
                if let reader = try blobs.read(content) { return try reader.bytes(at: offset, count: count) }
            } catch { throw PlatformError(error) }
        }
        throw PlatformError(.notFound, "The shared file was replaced too long ago: open it again.")
    }

    // MARK: Changing

    /// Begins a file, which nobody sees before ``finish(_:as:)``.
    public func begin(for tenant: Namespace) throws(PlatformError) -> SharedFileWriter {
        guard let reservation = ledger.reserve(0, for: tenant.rawValue) else { throw .fullTenant }
        do throws(BlobError) { return SharedFileWriter(try blobs.write(reservation), tenant) } catch {
            throw PlatformError(error)
        }
    }

    /// Puts a written file in its place. Returns when it is on disk.
    public func finish(_ writer: SharedFileWriter, as path: SharedPath) async throws(PlatformError) {
        let sealed: SealedBlob
        do throws(BlobError) { sealed = try await writer.blob.seal() } catch { throw PlatformError(error) }
        let tenant = writer.tenant
        try await changes.pass([tenant]) { () async throws(PlatformError) in
            try check(path, of: tenant)
            let file = SharedFile(content: sealed.hash, size: sealed.length, modifiedAt: time.now())
            try await save([DocumentChange(.sharedFile, "\(tenant)/\(path)", file.record)])
            let old = index.withLock { $0.put(file, at: path, of: tenant, now: time.now()) }
            sealed.reservation.commit(replacing: old?.size ?? 0)
        }
    }

    /// False: there was no such file.
    public func delete(_ path: SharedPath, of tenant: Namespace) async throws(PlatformError) -> Bool {
        try await changes.pass([tenant]) { () async throws(PlatformError) in
            guard case .file = find(path, of: tenant) else { return false }
            try await save([DocumentChange(.sharedFile, "\(tenant)/\(path)", nil)])
            let old = index.withLock { $0.remove(path, of: tenant, now: time.now()) }
            ledger.reserve(0, for: tenant.rawValue)?.commit(replacing: old?.size ?? 0)
            return true
        }
    }

    /// Gives a file another path, in place of what was there. False: there is no such file.
    func move(_ path: SharedPath, to target: SharedPath, of tenant: Namespace) async throws(PlatformError) -> Bool {
        try await changes.pass([tenant]) { () async throws(PlatformError) in
            guard case .file(let file) = find(path, of: tenant) else { return false }
            guard path != target else { return true }
            try check(target, of: tenant)
            try await save([
                DocumentChange(.sharedFile, "\(tenant)/\(path)", nil),
                DocumentChange(.sharedFile, "\(tenant)/\(target)", file.record),
            ])
            let old = index.withLock { index in
                index.remove(path, of: tenant, now: time.now())
                return index.put(file, at: target, of: tenant, now: time.now())
            }
            ledger.reserve(0, for: tenant.rawValue)?.commit(replacing: old?.size ?? 0)
            return true
        }
    }

    /// Deletes the bytes that no file has any more.
    func collect() async throws {
        let since = time.now() + (.zero - Self.retirement)
        _ = try await blobs.collect { index.withLock { $0.contents(retiredSince: since) } }
    }

    /// Refuses a path that a file cannot have.
    private func check(_ path: SharedPath, of tenant: Namespace) throws(PlatformError) {
        let (found, inFile, count) = index.withLock { index in
            let inFile = path.folders.contains { folder in
                guard let folder = try? SharedPath(folder), case .file? = index.find(folder, of: tenant) else {
                    return false
                }
                return true
            }
            return (index.find(path, of: tenant), inFile, index.count(of: tenant))
        }
        if case .folder? = found { throw PlatformError(.conflict, "`\(path)` is a folder of shared files.") }
        guard !inFile else { throw PlatformError(.conflict, "`\(path)` would be inside of a file.") }
        guard found != nil || count < Self.maximumFiles else {
            throw PlatformError(.tooLarge, "There are \(count) shared files, which is the limit: delete some.")
        }
    }

    private func save(_ changes: [DocumentChange]) async throws(PlatformError) {
        try await PlatformError.storing { [store] in try await store.save(changes) }
    }
}

/// A shared file in the making; it is dropped unless it is finished.
public final class SharedFileWriter: Sendable {
    let blob: BlobWriter
    let tenant: Namespace

    init(_ blob: BlobWriter, _ tenant: Namespace) {
        self.blob = blob
        self.tenant = tenant
    }

    /// Bytes that were taken so far.
    var length: Int { blob.length }

    public func append(_ bytes: some Collection<UInt8>) async throws(PlatformError) {
        guard length + bytes.count <= SharedFiles.maximumFileBytes else {
            throw PlatformError(.tooLarge, "A shared file has at most \(SharedFiles.maximumFileBytes) bytes.")
        }
        do throws(BlobError) { try await blob.append(bytes) } catch { throw PlatformError(error) }
    }
}

extension PlatformError {
    fileprivate static let fullTenant = PlatformError(
        .tooLarge, "The shared files of a tenant have at most \(SharedFiles.maximumTenantBytes) bytes: delete some.")

    fileprivate init(_ error: BlobError) {
        self = error.code == .quotaExceeded ? .fullTenant : PlatformError(.unavailable, error.message, cause: error)
    }
}
