import Kernel
public import Model
import Storage
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What the owner of a namespace noted about it.
public struct NamespaceNotes: Hashable, Sendable, Codable {
    public var labels: [String: String]
    public var annotations: [String: String]

    public init(labels: [String: String] = [:], annotations: [String: String] = [:]) {
        self.labels = labels
        self.annotations = annotations
    }
}

/// The namespaces that somebody made, beside the default one. Which there are is known without a look into the store.
public final class NamespaceKeeper: Sendable {
    private let store: any DocumentStore
    private let known = Mutex<[Namespace: NamespaceNotes]?>(nil)
    /// Changes come one after another, and after the first look.
    private let gate = KeyedGate<Int>()

    init(store: any DocumentStore) { self.store = store }

    public func all() async throws(PlatformError) -> [Namespace: NamespaceNotes] {
        if let known = known.withLock({ $0 }) { return known }
        return try await gate.pass([0]) { () async throws(PlatformError) in try await load() }
    }

    /// Stores what is noted about a namespace. `alreadyExists` or `notFound` where it is there against `isNew`, or not.
    public func save(_ namespace: Namespace, _ notes: NamespaceNotes, isNew: Bool) async throws(PlatformError) {
        try await change(namespace, notes) { exists throws(PlatformError) in
            guard exists != isNew else {
                throw isNew
                    ? PlatformError(.alreadyExists, "Namespace `\(namespace)` already exists.")
                    : .noNamespace(namespace)
            }
        }
    }

    func delete(_ namespace: Namespace) async throws(PlatformError) {
        try await change(namespace, nil) { exists throws(PlatformError) in
            guard exists else { throw .noNamespace(namespace) }
        }
    }

    private func change(
        _ namespace: Namespace, _ notes: NamespaceNotes?, _ check: (Bool) throws(PlatformError) -> Void
    ) async throws(PlatformError) {
        try await gate.pass([0]) { () async throws(PlatformError) in
            var all = try await load()
            try check(all[namespace] != nil || namespace == .default)
            all[namespace] = notes
            try await PlatformError.storing {
                let bytes = try notes.map { Array(try JSONEncoder().encode($0)) }
                try await store.save([DocumentChange(.namespace, namespace.rawValue, bytes)])
            }
            known.withLock { [all] in $0 = all }
        }
    }

    private func load() async throws(PlatformError) -> [Namespace: NamespaceNotes] {
        if let known = known.withLock({ $0 }) { return known }
        let all = try await PlatformError.storing {
            var all: [Namespace: NamespaceNotes] = [:]
            for (name, bytes) in try await store.documents(.namespace) {
                all[try Namespace(name)] = try JSONDecoder().decode(NamespaceNotes.self, from: Data(bytes))
            }
            return all
        }
        known.withLock { $0 = all }
        return all
    }
}

extension PlatformError {
    static func noNamespace(_ namespace: Namespace) -> Self {
        Self(.notFound, "There is no namespace `\(namespace)`.")
    }
}

extension Platform {
    /// Deletes a namespace with its functions and secrets.
    public func delete(_ namespace: Namespace) async throws(PlatformError) {
        guard try await namespaces.all()[namespace] != nil else { throw .noNamespace(namespace) }
        for function in try await functions(in: namespace) {
            do throws(PlatformError) { _ = try await delete(function.function.key) } catch {
                guard error.code == .functionNotFound else { throw error }
            }
        }
        try await secrets.deleteAll(in: namespace)
        try await namespaces.delete(namespace)
    }
}
