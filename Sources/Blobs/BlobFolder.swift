import Glibc
public import Model
import Synchronization

/// Immutable blobs as files of a folder, each named by the SHA-256 of its bytes: `<first 2 digits>/<other 62>`.
///
/// What has a name is whole and on disk: it is written aside in `incoming`, synced, made read-only and then renamed.
public final class BlobFolder: Sendable {
    /// Where the folder is.
    public let path: String
    let pins = BlobPins()
    private let count = Atomic<UInt64>(0)

    private var incoming: String { path + "/incoming" }

    /// Makes the folder where it is missing, and removes what earlier writers left unfinished. One process at a time may
    /// have it.
    public init(path: String) throws(BlobError) {
        self.path = path
        for folder in [path, path + "/incoming"] where mkdir(folder, 0o700) != 0 && errno != EEXIST {
            throw .system("make the folder", folder)
        }
        for name in try Self.names(in: incoming) where unlink("\(incoming)/\(name)") != 0 {
            throw .system("remove", "\(incoming)/\(name)")
        }
        try Self.sync(folder: path)
    }

    /// Begins a blob whose bytes are counted by `reservation`.
    public func write(_ reservation: Reservation) throws(BlobError) -> BlobWriter {
        let number = count.add(1, ordering: .relaxed).newValue
        let file = "\(incoming)/\(getpid())-\(number)"
        let descriptor = open(file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o400)
        guard descriptor >= 0 else { throw .system("make", file) }
        return BlobWriter(self, descriptor, file, reservation)
    }

    /// Opens a blob; nil where there is none. It is not collected while the reader exists.
    public func read(_ hash: BlobHash) throws(BlobError) -> BlobReader? {
        let pin = pins.pin(hash)
        let file = place(of: hash)
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw .system("open", file)
        }
        return try BlobReader(descriptor, pin)
    }

    /// Holds a blob that has its name already; nil where there is none, or one of another length, which is no blob.
    func known(_ hash: BlobHash, length: Int) throws(BlobError) -> BlobPin? {
        let pin = pins.pin(hash)
        let place = place(of: hash)
        var status = stat()
        guard stat(place, &status) == 0, Int(status.st_size) == length else { return nil }
        // Whoever named it may not have come so far.
        try Self.sync(folder: String(place.dropLast(63)))
        return pin
    }

    /// Gives a written, synced file its name.
    func name(_ file: String, _ hash: BlobHash) throws(BlobError) -> BlobPin {
        let pin = pins.pin(hash)
        let place = place(of: hash)
        let folder = String(place.dropLast(63))
        if mkdir(folder, 0o700) == 0 {
            try Self.sync(folder: path)
        } else if errno != EEXIST {
            throw .system("make the folder", folder)
        }
        guard rename(file, place) == 0 else { throw .system("name", place) }
        try Self.sync(folder: folder)
        return pin
    }

    func place(of hash: BlobHash) -> String {
        let digits = hash.description
        return "\(path)/\(digits.prefix(2))/\(digits.dropFirst(2))"
    }

    static func sync(folder: String) throws(BlobError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("open", folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .system("sync", folder) }
    }

    /// The names in a folder, sorted; none where there is no such folder.
    static func names(in folder: String) throws(BlobError) -> [String] {
        guard let stream = opendir(folder) else {
            if errno == ENOENT || errno == ENOTDIR { return [] }
            throw .system("list", folder)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}

extension BlobError {
    /// What the system refused last.
    static func system(_ act: String, _ path: String) -> Self {
        let reason = errno
        let cause = String(cString: strerror(reason))
        return Self(.unavailable, "The server could not \(act) `\(path)`: \(cause).")
    }
}
