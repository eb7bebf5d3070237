internal import Crypto
internal import FoundationEssentials
internal import Glibc
public import Kernel
public import Model
internal import Synchronization

/// The packages of one server, `FOLDER/HASH.package`, each a ``StoredArchive`` named by its content. What is stored is on disk
/// before it has a name.
public final class PackageStore: Sendable {
    private static let suffix = ".package"
    public let folder: String
    private let state = Mutex(State())

    private struct State {
        /// Packages whose bytes were seen to have the hash that they are named by.
        var verified: Set<PackageID> = []
        /// Packages that somebody is about to name, and how many do.
        var held: [PackageID: Int] = [:]
        /// Packages that were held at some time since the collection that is under way began.
        var heldOfLate: Set<PackageID> = []
    }

    /// Makes the folder where it is missing.
    public init(folder: String) throws(PackageError) {
        self.folder = folder
        do throws(PrivateFolder.Failure) { try PrivateFolder.make(folder) } catch {
            throw PackageError(.unavailable, "The folder `\(folder)` for packages cannot be made: \(error)")
        }
    }

    /// Stores a tree and returns its name, which is held: end that with ``release(_:)`` once something stored names it.
    public func store(_ tree: PackageTree) throws(PackageError) -> PackageID {
        let archive = StoredArchive.encode(tree)
        let id = try Self.id(of: archive)
        hold(id)
        do throws(PackageError) {
            if open(id) == nil { try DurableFile.write(archive, to: path(id), in: folder) }
        } catch {
            release(id)
            throw error
        }
        _ = state.withLock { $0.verified.insert(id) }
        return id
    }

    private static func id(of archive: [UInt8]) throws(PackageError) -> PackageID {
        guard let id = PackageID(Hexadecimal.text(SHA256.hash(data: archive))) else {
            throw PackageError(.unavailable, "A hash has another length.")
        }
        return id
    }

    /// Opens a package's archive to be mapped; nil where it is lost or damaged.
    public func open(_ id: PackageID) -> Descriptor? {
        let number = Glibc.open(path(id), O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { return nil }
        let file = Descriptor(takingOver: number)
        if state.withLock({ $0.verified.contains(id) }) { return file }
        guard let bytes = FileManager.default.contents(atPath: path(id)),
            Hexadecimal.text(SHA256.hash(data: bytes)) == id.rawValue
        else {
            unlink(path(id))
            return nil
        }
        _ = state.withLock { $0.verified.insert(id) }
        return file
    }

    /// A package's archive; nil where it is lost or damaged.
    public func read(_ id: PackageID) -> [UInt8]? {
        guard open(id) != nil else { return nil }
        return FileManager.default.contents(atPath: path(id)).map { [UInt8]($0) }
    }

    // MARK: Collection

    /// Keeps a package from being collected until ``release(_:)``: to be called before the thing that names it is stored.
    public func hold(_ id: PackageID) {
        state.withLock { state in
            state.held[id, default: 0] += 1
            state.heldOfLate.insert(id)
        }
    }

    /// Ends a ``hold(_:)``.
    public func release(_ id: PackageID) {
        state.withLock { state in
            let count = (state.held[id] ?? 1) - 1
            state.held[id] = count > 0 ? count : nil
        }
    }

    /// Deletes what neither `named` gives nor anybody holds, and returns how much that was. One at a time.
    public func collect<E: Error>(named: () async throws(E) -> Set<PackageID>) async throws(E) -> Int {
        state.withLock { $0.heldOfLate = Set($0.held.keys) }
        let stored = all()
        let named = try await named()
        var count = 0
        for id in stored where !named.contains(id) {
            let isGone = state.withLock { state in
                guard !state.heldOfLate.contains(id) else { return false }
                state.verified.remove(id)
                return unlink(path(id)) == 0
            }
            if isGone { count += 1 }
        }
        return count
    }

    private func all() -> [PackageID] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(Self.suffix) }.compactMap {
            PackageID(String($0.dropLast(Self.suffix.count)))
        }
    }

    // MARK: Files

    private func path(_ id: PackageID) -> String { "\(folder)/\(id)\(Self.suffix)" }
}
