import Kernel
public import Model
import Storage
import Synchronization

/// The secrets of namespaces: encrypted in the store, and ready in memory for calls.
public final class SecretKeeper: Sendable {
    static let maximumBytes = 1 << 20

    private let store: any DocumentStore
    private let vault: ContextVault
    private let known = Mutex<[String: [UInt8]]?>(nil)
    /// Changes come one after another, and after the first look.
    private let gate = KeyedGate<Int>()

    init(store: any DocumentStore, vault: ContextVault) {
        self.store = store
        self.vault = vault
    }

    /// The names of a namespace's secrets, in order.
    public func names(in namespace: Namespace) async throws(PlatformError) -> [String] {
        let prefix = "\(namespace)/"
        return try await all().keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }.sorted()
    }

    /// Stores a secret. `alreadyExists` or `notFound` where it is there against `isNew`, or not.
    public func save(
        _ name: FunctionName, in namespace: Namespace, _ value: [UInt8], isNew: Bool
    ) async throws(PlatformError) {
        guard value.count <= Self.maximumBytes else {
            throw PlatformError(.tooLarge, "The secret has \(value.count) bytes, but may have \(Self.maximumBytes).")
        }
        try await change(name, namespace, value) { exists throws(PlatformError) in
            guard exists != isNew else {
                throw isNew
                    ? PlatformError(.alreadyExists, "Secret `\(name)` already exists.") : Self.missing(name.rawValue)
            }
        }
    }

    public func delete(_ name: FunctionName, in namespace: Namespace) async throws(PlatformError) {
        try await change(name, namespace, nil) { exists throws(PlatformError) in
            guard exists else { throw Self.missing(name.rawValue) }
        }
    }

    func deleteAll(in namespace: Namespace) async throws(PlatformError) {
        for name in try await names(in: namespace) {
            do {
                try await delete(try FunctionName(name), in: namespace)
            } catch let error as PlatformError {
                guard error.code == .notFound else { throw error }
            } catch { throw .storage(error) }
        }
    }

    /// Refuses names of which there are no secrets.
    public func require(_ names: [String], in namespace: Namespace) async throws(PlatformError) {
        let all = try await all()
        if let name = names.first(where: { all["\(namespace)/\($0)"] == nil }) { throw Self.missing(name) }
    }

    /// Names and values of the wanted secrets as a list of fields; what was deleted since is left out.
    func fields(_ names: [String], in namespace: Namespace) async throws(PlatformError) -> [UInt8] {
        let all = try await all()
        return HostFields.encode(
            names.flatMap { name in all["\(namespace)/\(name)"].map { [Array(name.utf8), $0] } ?? [] })
    }

    /// Encrypts with the current key what an old one sealed. Returns how many were.
    func reseal() async throws(PlatformError) -> Int {
        try await gate.pass([0]) { () async throws(PlatformError) in
            var changes: [DocumentChange] = []
            for (name, sealed) in try await PlatformError.storing({ try await store.documents(.secret) }) {
                guard let new = try vault.reseal(sealed, binding: Self.binding(name)) else { continue }
                changes.append(DocumentChange(.secret, name, new))
            }
            let all = changes
            if !all.isEmpty { try await PlatformError.storing { try await store.save(all) } }
            return changes.count
        }
    }

    private func change(
        _ name: FunctionName, _ namespace: Namespace, _ value: [UInt8]?,
        _ check: (Bool) throws(PlatformError) -> Void
    ) async throws(PlatformError) {
        let name = "\(namespace)/\(name)"
        try await gate.pass([0]) { () async throws(PlatformError) in
            var all = try await load()
            try check(all[name] != nil)
            all[name] = value
            var sealed: [UInt8]?
            if let value { sealed = try vault.seal(value, binding: Self.binding(name)) }
            let change = DocumentChange(.secret, name, sealed)
            try await PlatformError.storing { try await store.save([change]) }
            known.withLock { [all] in $0 = all }
        }
    }

    private func all() async throws(PlatformError) -> [String: [UInt8]] {
        if let known = known.withLock({ $0 }) { return known }
        return try await gate.pass([0]) { () async throws(PlatformError) in try await load() }
    }

    private func load() async throws(PlatformError) -> [String: [UInt8]] {
        if let known = known.withLock({ $0 }) { return known }
        var all: [String: [UInt8]] = [:]
        for (name, sealed) in try await PlatformError.storing({ try await store.documents(.secret) }) {
            all[name] = try vault.open(sealed, binding: Self.binding(name))
        }
        known.withLock { [all] in $0 = all }
        return all
    }

    /// What a sealed value belongs to: under another name it does not open.
    private static func binding(_ name: String) -> [UInt8] { Array("swiftlet secret \(name)".utf8) }

    private static func missing(_ name: String) -> PlatformError {
        PlatformError(.notFound, "There is no secret `\(name)`.")
    }
}
