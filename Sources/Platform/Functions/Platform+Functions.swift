public import Model
import Storage

extension Platform {
    /// The functions of a namespace, by name; of all namespaces where it is nil.
    public func functions(in namespace: Namespace?) async throws(PlatformError) -> [FunctionDetails] {
        try await PlatformError.storing {
            var details: [FunctionDetails] = []
            for function in try await store.functions(in: namespace)
            where function.key.namespace != .confined {
                // One that is deleted in between is simply not listed.
                guard let version = try await store.version(function.version, of: function.id) else { continue }
                details.append(FunctionDetails(function, version))
            }
            return details
        }
    }

    /// One function with its code.
    public func function(_ key: FunctionKey) async throws(PlatformError) -> FunctionDetails {
        try requireOpen(key)
        let (function, version) = try await directory.load(key)
        return FunctionDetails(function, version)
    }

    /// What calls of a function go by; looks into the store only where it was not called of late.
    public func callee(_ key: FunctionKey) async throws(PlatformError) -> Callee {
        let resolved = try await resolve(key)
        return Callee(function: resolved.function, entry: resolved.entry, deployment: resolved.deployment)
    }

    /// Makes sure that there is such a function.
    public func requireFunction(_ key: FunctionKey) async throws(PlatformError) { _ = try await resolve(key) }

    /// What calls of a function run that anybody may call.
    func resolve(_ key: FunctionKey) async throws(PlatformError) -> ResolvedFunction {
        try requireOpen(key)
        return try await directory.resolve(key)
    }
}
