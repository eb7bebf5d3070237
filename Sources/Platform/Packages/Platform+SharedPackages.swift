public import Model
import Packages

extension Platform {
    /// What an operator has set up for all functions, a line of requirements each.
    public func sharedRequirements() throws(PlatformError) -> [String] { try packages.sharedRequirements() }

    /// Sets distributions up for all functions, in place of such of the same names, and returns what all that is set up now came
    /// to. Functions have them from their next deploy of code on; where one requires another version itself, it has that.
    public func setUpPackages(_ requirements: String) async throws(PlatformError) -> [LockedDistribution] {
        let added: Requirements
        do throws(PackageError) { added = try Requirements(parsing: requirements) } catch { throw .package(error) }
        guard !added.lines.isEmpty else { throw PlatformError(.invalidRequirements, "Name at least one distribution.") }
        return try await packages.changeShared { old throws(PlatformError) in added.adding(old) }
    }

    /// Takes a distribution away from functions that are deployed from now on.
    public func removePackage(_ name: String) async throws(PlatformError) -> [LockedDistribution] {
        try await packages.changeShared { old throws(PlatformError) in
            guard let rest = old.removing(name) else {
                throw PlatformError(.invalidRequirements, "`\(name)` is not set up for all functions.")
            }
            return rest
        }
    }
}
