public import Model
import Synchronization

extension MemoryStore: FunctionStore {
    public func create(_ function: Function, _ version: FunctionVersion) async throws(StorageError) {
        try StorageError.checkCreate(function, version)
        try state.withLock { state throws(StorageError) in
            guard state.functions[function.key] == nil, state.versions[function.id] == nil else {
                throw .functionExists(function.key)
            }
            state.functions[function.key] = function
            state.versions[function.id] = [version]
        }
    }

    public func function(_ key: FunctionKey) async throws(StorageError) -> Function? {
        state.withLock { $0.functions[key] }
    }

    public func version(
        _ number: Int, of function: FunctionID
    ) async throws(StorageError) -> FunctionVersion? {
        state.withLock { $0.versions[function]?.first { $0.number == number } }
    }

    public func functions(in namespace: Namespace?) async throws(StorageError) -> [Function] {
        state.withLock { state in
            state.functions.values
                .filter { namespace == nil || $0.key.namespace == namespace }
                .sorted {
                    ($0.key.namespace.rawValue, $0.key.name.rawValue)
                        < ($1.key.namespace.rawValue, $1.key.name.rawValue)
                }
        }
    }

    public func update(_ function: Function, adding version: FunctionVersion) async throws(StorageError) {
        try state.withLock { state throws(StorageError) in
            guard let stored = state.functions.values.first(where: { $0.id == function.id }) else {
                throw .functionMissing(function.key)
            }
            guard version.number == stored.version + 1, version.function == function.id else {
                throw .versionConflict(stored.key, stored: stored.version, offered: version.number)
            }
            guard function.key == stored.key || state.functions[function.key] == nil else {
                throw .functionExists(function.key)
            }
            var changed = stored
            changed.key = function.key
            changed.limits = function.limits
            changed.policy = function.policy
            changed.updatedAt = function.updatedAt
            changed.version = version.number
            state.functions[stored.key] = nil
            state.functions[changed.key] = changed
            state.versions[function.id, default: []].append(version)
        }
    }

    public func setImage(
        _ image: ImageID, version: Int, of function: FunctionID
    ) async throws(StorageError) {
        try state.withLock { state throws(StorageError) in
            guard let index = state.versions[function]?.firstIndex(where: { $0.number == version }) else {
                throw .versionMissing(version, of: function)
            }
            state.versions[function]?[index].image = image
        }
    }

    public func delete(_ key: FunctionKey) async throws(StorageError) -> [ImageID] {
        try state.withLock { state throws(StorageError) in
            guard let function = state.functions.removeValue(forKey: key) else { throw .functionMissing(key) }
            let removed = Set((state.versions.removeValue(forKey: function.id) ?? []).compactMap(\.image))
            let used = Set(state.versions.values.joined().compactMap(\.image))
            return removed.subtracting(used).sorted { $0.rawValue < $1.rawValue }
        }
    }

    public func packages() async throws(StorageError) -> Set<PackageID> {
        state.withLock { Set($0.versions.values.joined().flatMap(\.packages.packages)) }
    }

    public func sealedContexts(after: SealedContext?, limit: Int) async throws(StorageError) -> [SealedContext] {
        state.withLock { state in
            let all = state.versions.values.joined().compactMap { version in
                version.sealedContext.map {
                    SealedContext(function: version.function, version: version.number, bytes: $0)
                }
            }
            let rest = all.filter { context in
                after.map { ($0.function, $0.version) < (context.function, context.version) } ?? true
            }
            return Array(rest.sorted { ($0.function, $0.version) < ($1.function, $1.version) }.prefix(max(0, limit)))
        }
    }

    public func replace(_ contexts: [(old: SealedContext, new: [UInt8])]) async throws(StorageError) {
        state.withLock { state in
            for (old, new) in contexts {
                let index = state.versions[old.function]?.firstIndex {
                    $0.number == old.version && $0.sealedContext == old.bytes
                }
                if let index { state.versions[old.function]?[index].sealedContext = new }
            }
        }
    }
}
