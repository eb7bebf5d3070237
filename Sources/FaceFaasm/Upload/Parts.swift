public import Model

/// What this surface shows of parts of the platform that not every server has. A path whose part is missing answers 501.
public struct FaasmParts: Sendable {
    public var state: (any TenantState)?
    public var files: (any TenantFiles)?
    public var modules: (any RawFunctions)?

    public init(
        state: (any TenantState)? = nil, files: (any TenantFiles)? = nil, modules: (any RawFunctions)? = nil
    ) {
        self.state = state
        self.files = files
        self.modules = modules
    }
}

/// The values that a tenant's functions keep under keys.
public protocol TenantState: Sendable {
    /// Nil: there is none.
    func value(_ key: String, of tenant: Namespace) async throws -> [UInt8]?
    /// Returns when it is on disk.
    func set(_ key: String, to value: [UInt8], of tenant: Namespace) async throws
    /// False: there was none.
    func delete(_ key: String, of tenant: Namespace) async throws -> Bool
    func keys(of tenant: Namespace) async throws -> [String]
}

/// What is at a path of a tenant's shared files.
public enum TenantFile: Sendable {
    case folder
    case file([UInt8])
}

/// The files that a tenant's functions share.
public protocol TenantFiles: Sendable {
    /// Nil: there is nothing.
    func read(_ path: String, of tenant: Namespace) async throws -> TenantFile?
    func write(_ path: String, _ bytes: [UInt8], of tenant: Namespace) async throws
    /// False: there was nothing.
    func delete(_ path: String, of tenant: Namespace) async throws -> Bool
}

/// Functions that are WebAssembly modules.
public protocol RawFunctions: Sendable {
    /// Makes a module the newest version of a function, and returns what the user is to be warned of.
    func put(_ module: [UInt8], as key: FunctionKey) async throws -> String?
    /// Nil: there is no such function, or it is no module.
    func module(of key: FunctionKey) async throws -> [UInt8]?
}
