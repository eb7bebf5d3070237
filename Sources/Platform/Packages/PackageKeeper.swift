import Kernel
import Logging
import Model
import Packages
import Storage

/// Turns what users send into stored packages, and deletes those that no version of a function names.
final class PackageKeeper: Sendable {
    /// Nil where the server keeps no packages.
    private let store: PackageStore?
    /// Nil where nothing is installed: requirements may only name what is built in.
    private let resolver: (any RequirementResolver)?
    private let shared: SharedRequirements?
    private let functions: any FunctionStore
    private let builtin: [String: String]
    private let logger: Logger
    /// One change of what all functions get at a time.
    private let changes = KeyedGate<Int>()

    init(
        store: PackageStore?, resolver: (any RequirementResolver)?, functions: any FunctionStore,
        builtin: [String: String], logger: Logger
    ) {
        self.store = store
        self.resolver = resolver
        self.functions = functions
        self.builtin = builtin
        self.logger = logger
        shared = store.map { SharedRequirements(folder: $0.folder) }
    }

    /// Stores a package and what its requirements, and those of all functions, bring. All of it is held until ``release(_:)``, so
    /// that it outlives the time in which nothing names it yet.
    func take(files: PackageTree?, requirements: String?) async throws(PlatformError) -> PackageUse {
        var use = PackageUse.none
        let resolution = try await resolve(requirements ?? "")
        use.dependencies = resolution?.package
        use.lock = resolution?.lock ?? []
        if let files {
            guard let store else { throw PlatformError(.invalidRequest, "This server takes no packages.") }
            do throws(PackageError) { use.own = try store.store(files) } catch {
                release(use)
                throw .package(error)
            }
        }
        return use
    }

    /// Ends what ``take(files:requirements:)`` began.
    func release(_ use: PackageUse) { for package in use.packages { store?.release(package) } }

    private func resolve(_ text: String) async throws(PlatformError) -> Resolution? {
        do throws(PackageError) {
            let requirements = try Requirements(parsing: text)
            guard let resolver else {
                try checkBuiltin(requirements)
                return nil
            }
            let everyones = try shared?.read()
            return try await resolver.resolve(everyones.map(requirements.adding) ?? requirements)
        } catch { throw .package(error) }
    }

    private func checkBuiltin(_ requirements: Requirements) throws(PackageError) {
        for line in requirements.lines where builtin[Requirements.normalised(line.name)] == nil {
            throw PackageError(
                .requirements,
                "`\(line.name)` (line \(line.number) of the requirements) is not in the sandbox, and packages are not installed: "
                    + "it has Python's standard library and: \(builtin.keys.sorted().joined(separator: ", ")). Put pure Python "
                    + "code into the function's own file.")
        }
    }

    /// The WebAssembly module that is in a raw function's package.
    func module(of use: PackageUse) throws(PlatformError) -> [UInt8] {
        guard let id = use.own, let archive = store?.read(id) else {
            throw PlatformError(.unavailable, "The function's module is lost: upload it again.")
        }
        let files: PackageTree
        do throws(PackageError) { files = try PackageReader.read(archive, limits: ModuleFile.limits) } catch {
            throw .package(error)
        }
        return files.files[ModuleFile.name] ?? []
    }

    // MARK: Packages of all functions

    /// What was set up for all functions, a line of requirements each.
    func sharedRequirements() throws(PlatformError) -> [String] {
        do throws(PackageError) { return try shared?.read().lines.map(\.text) ?? [] } catch { throw .package(error) }
    }

    /// Changes what all functions get, once it has been resolved, and returns what it came to.
    func changeShared(
        _ change: (Requirements) throws(PlatformError) -> Requirements
    ) async throws(PlatformError) -> [LockedDistribution] {
        guard let shared, let resolver else {
            throw PlatformError(.invalidRequest, "This server installs no packages: see `--install-requirements`.")
        }
        return try await changes.pass([0]) { () async throws(PlatformError) in
            let old: Requirements
            do throws(PackageError) { old = try shared.read() } catch { throw .package(error) }
            let new = try change(old)
            do throws(PackageError) {
                let resolution = try await resolver.resolve(new)
                defer { if let resolution { store?.release(resolution.package) } }
                try shared.write(new)
                return resolution?.lock ?? []
            } catch { throw .package(error) }
        }
    }

    // MARK: Collection

    /// Deletes what nothing names.
    func collect() async {
        guard let store else { return }
        do {
            let count = try await store.collect { try await functions.packages().union(resolver?.keptPackages() ?? []) }
            if count > 0 { logger.info("unused packages were deleted", metadata: ["count": "\(count)"]) }
        } catch {
            // A server that stops meanwhile tries again at its next start.
            guard !Task.isCancelled else { return }
            logger.error("unused packages could not be deleted", metadata: ["error": "\(error)"])
        }
    }
}
