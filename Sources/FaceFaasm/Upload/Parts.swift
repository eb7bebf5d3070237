public import Model

/// What this surface shows of parts of the platform that not every server has. A path whose part is missing answers 501.
public struct FaasmParts: Sendable {
    public var state: (any TenantState)?
    public var modules: (any RawFunctions)?

    public init(state: (any TenantState)? = nil, modules: (any RawFunctions)? = nil) {
        self.state = state
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

/// Functions that are WebAssembly modules.
public protocol RawFunctions: Sendable {
    /// Makes a module the newest version of a function, and returns what the user is to be warned of.
    func put(_ module: [UInt8], as key: FunctionKey) async throws -> String?
    /// Nil: there is no such function, or it is no module.
    func module(of key: FunctionKey) async throws -> [UInt8]?
}
