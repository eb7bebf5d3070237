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
    private let functions: any FunctionStore
    private let builtin: [String: String]
    private let logger: Logger

    init(
        store: PackageStore?, resolver: (any RequirementResolver)?, functions: any FunctionStore,
        builtin: [String: String], logger: Logger
    ) {
        self.store = store
        self.resolver = resolver
        self.functions = functions
        self.builtin = builtin
        self.logger = logger
    }

    /// Stores a package and what requirements bring. All of it is held until ``release(_:)``, so that it outlives the time in
    /// which nothing names it yet.
    func take(files: PackageTree?, requirements: String?) async throws(PlatformError) -> PackageUse {
        var use = PackageUse.none
        if let requirements {
            let resolution = try await resolve(requirements)
            use.dependencies = resolution?.package
            use.lock = resolution?.lock ?? []
        }
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
            if let resolver { return try await resolver.resolve(requirements) }
            for line in requirements.lines where builtin[Requirements.normalised(line.name)] == nil {
                throw PackageError(
                    .requirements,
                    "`\(line.name)` (line \(line.number) of the requirements) is not in the sandbox, and packages are not installed: "
                        + "it has Python's standard library and: \(builtin.keys.sorted().joined(separator: ", ")). Put pure Python "
                        + "code into the function's own file.")
            }
            return nil
        } catch { throw .package(error) }
    }

    /// Deletes what nothing names.
    func collect() async {
        guard let store else { return }
        do {
            let count = try await store.collect { try await functions.packages().union(resolver?.keptPackages() ?? []) }
            if count > 0 { logger.info("unused packages were deleted", metadata: ["count": "\(count)"]) }
        } catch {
            logger.error("unused packages could not be deleted", metadata: ["error": "\(error)"])
        }
    }
}
