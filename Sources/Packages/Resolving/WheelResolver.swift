internal import Crypto
internal import FoundationEssentials
internal import Glibc
internal import Kernel
public import Model

/// What requirements came to: a package with the modules, and the distributions that they are of.
public struct Resolution: Sendable, Equatable, Codable {
    public var package: PackageID
    public var lock: [LockedDistribution]

    public init(package: PackageID, lock: [LockedDistribution]) {
        self.package = package
        self.lock = lock
    }
}

/// Turns requirements into packages.
public protocol RequirementResolver: Sendable {
    /// Nil where everything is built in. The package is held: end that with ``PackageStore/release(_:)``. The error names what
    /// cannot be had.
    func resolve(_ requirements: Requirements) async throws(PackageError) -> Resolution?

    /// What earlier requirements came to, as long as that is kept for the next time.
    func keptPackages() -> Set<PackageID>
}

/// Has pip find pure-Python wheels, and unpacks them. What requirements once came to is found again without pip, as long as the
/// package is there: in `FOLDER/resolved/HASH.json`.
public struct WheelResolver: RequirementResolver {
    /// What the sandbox has: versions by normalised names.
    let builtin: [String: String]
    private let folder: String
    private let store: PackageStore
    private let pip: Pip
    private let limits: PackageLimits

    /// Resolutions that nobody asked for in so many days are forgotten.
    static let keptDays = 30

    public init(
        store: PackageStore, folder: String, builtin: [String: String], python: String = "python3",
        timeoutSeconds: Int = 120, limits: PackageLimits = PackageLimits()
    ) throws(PackageError) {
        self.store = store
        self.folder = "\(folder)/resolved"
        self.builtin = builtin
        self.limits = limits
        pip = Pip(python: python, timeoutSeconds: timeoutSeconds)
        try Self.makeFolder(self.folder)
    }

    public func resolve(_ requirements: Requirements) async throws(PackageError) -> Resolution? {
        let wanted = requirements.lines.filter { builtin[Requirements.normalised($0.name)] == nil }.map(\.text)
        guard !wanted.isEmpty else { return nil }
        let path = "\(folder)/\(key(wanted)).json"
        if let known = known(path) { return known }
        var template = Array("\(folder)/work-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw PackageError(.unavailable, "`\(folder)` cannot be written: \(String(cString: strerror(errno))).")
        }
        let work = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { try? FileManager.default.removeItem(atPath: work) }
        try prepare(work, wanted)
        let ending = try await pip.download(into: work)
        guard ending.status == 0 else { throw PipFailure(ending, pip, builtin: builtin).error }
        let resolution = try unpack("\(work)/wheels")
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        // Names and hashes always have an encoding.
        if let bytes = try? encoder.encode(resolution) { try DurableFile.write(Array(bytes), to: path, in: folder) }
        return resolution
    }

    public func keptPackages() -> Set<PackageID> {
        var kept: Set<PackageID> = []
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            let path = "\(folder)/\(name)"
            var status = stat()
            guard name.hasSuffix(".json"), stat(path, &status) == 0 else { continue }
            if time(nil) - status.st_mtim.tv_sec > Self.keptDays * 86_400 {
                unlink(path)
            } else if let resolution = read(path) {
                kept.insert(resolution.package)
            }
        }
        return kept
    }

    // MARK: What is known already

    private func key(_ wanted: [String]) -> String {
        let built = builtin.map { "\($0.key)==\($0.value)" }.sorted()
        return Hexadecimal.text(
            SHA256.hash(data: Data((["1"] + wanted.sorted() + [""] + built).joined(separator: "\n").utf8)))
    }

    private func known(_ path: String) -> Resolution? {
        guard let resolution = read(path) else { return nil }
        store.hold(resolution.package)
        guard store.open(resolution.package) != nil else {
            store.release(resolution.package)
            unlink(path)
            return nil
        }
        // Counts as used today.
        utimensat(AT_FDCWD, path, nil, 0)
        return resolution
    }

    private func read(_ path: String) -> Resolution? {
        FileManager.default.contents(atPath: path).flatMap { try? JSONDecoder().decode(Resolution.self, from: $0) }
    }

    // MARK: Files for pip, and from it

    private static func makeFolder(_ path: String) throws(PackageError) {
        do throws(PrivateFolder.Failure) { try PrivateFolder.make(path) } catch {
            throw PackageError(.unavailable, "The folder `\(path)` cannot be made: \(error)")
        }
    }

    private func prepare(_ work: String, _ wanted: [String]) throws(PackageError) {
        for name in ["builtin", "wheels"] { try Self.makeFolder("\(work)/\(name)") }
        var constraints = ""
        for (name, version) in builtin.sorted(by: { $0.key < $1.key }) {
            constraints += "\(name)==\(version)\n"
            let placeholder = try Wheel.placeholder(name, version)
            try put(placeholder.bytes, "\(work)/builtin/\(placeholder.fileName)")
        }
        try put(Array(constraints.utf8), "\(work)/constraints.txt")
        try put(Array((wanted.joined(separator: "\n") + "\n").utf8), "\(work)/requirements.txt")
    }

    private func put(_ bytes: [UInt8], _ path: String) throws(PackageError) {
        guard FileManager.default.createFile(atPath: path, contents: Data(bytes)) else {
            throw PackageError(.unavailable, "`\(path)` cannot be written.")
        }
    }

    private func unpack(_ folder: String) throws(PackageError) -> Resolution {
        var tree = PackageTree(limits: limits)
        var lock: [LockedDistribution] = []
        for fileName in ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted() {
            guard let wheel = Wheel(fileName: fileName) else {
                throw PackageError(.requirements, "`\(fileName)` is no wheel, and nothing is built here.")
            }
            guard builtin[Requirements.normalised(wheel.name)] == nil else { continue }
            guard wheel.isPure else { throw PipFailure.native(wheel.name, builtin: builtin) }
            guard let bytes = FileManager.default.contents(atPath: "\(folder)/\(fileName)").map({ Array($0) }) else {
                throw PackageError(.unavailable, "`\(folder)/\(fileName)` cannot be read.")
            }
            try wheel.unpack(bytes, into: &tree, limits: limits)
            lock.append(wheel.locked(bytes))
        }
        lock.sort { $0.name < $1.name }
        return Resolution(package: try store.store(tree), lock: lock)
    }
}
