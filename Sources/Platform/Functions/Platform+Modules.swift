public import Model
import Packages
import Storage

/// Raw WebAssembly functions. A version of one has no source: its package holds the module.
extension Platform {
    /// Deploys a WebAssembly module as a function, and returns what its user should know of it, a sentence each.
    public func put(
        module: [UInt8], as key: FunctionKey, limits: FunctionLimits
    ) async throws(PlatformError) -> [String] {
        var files = PackageTree(limits: ModuleFile.limits)
        do throws(PackageError) { try files.add(ModuleFile.name, module) } catch { throw .package(error) }
        try await put(FunctionDraft(key: key, face: .faasm, source: "", files: files, limits: limits))
        // The compiled code is there by now, and what was found out about it with it.
        let outcome = try await directory.prepare(
            PrepareRequest(key: key, face: .faasm, entry: nil, code: .webAssembly(module), limits: limits))
        return outcome.warnings
    }

    /// The module of a raw function; nil where the function is no such one.
    public func module(of key: FunctionKey) async throws(PlatformError) -> [UInt8]? {
        try requireOpen(key)
        let (_, version) = try await directory.load(key)
        return version.source.isEmpty ? try packages.module(of: version.packages) : nil
    }
}

/// Where a raw function's module is in its package.
enum ModuleFile {
    static let name = "function.wasm"

    /// Modules may be larger than other files.
    static let limits: PackageLimits = {
        var limits = PackageLimits()
        limits.maximumFileBytes = 256 << 20
        limits.maximumBytes = limits.maximumFileBytes
        limits.maximumArchiveBytes = limits.maximumFileBytes + 4096
        return limits
    }()
}
