import Storage
import Testing

/// Object stores that must all behave alike: the drivers, and each of them behind what remembers.
enum ObjectDriver: CaseIterable, Sendable, CustomTestStringConvertible {
    case memory, sqlite, rememberedMemory, rememberedSQLite

    var testDescription: String { "\(self)" }

    /// Runs a test on a new, empty store.
    func withStore(_ body: (any ObjectStore) async throws -> Void) async throws {
        switch self {
        case .memory: try await Driver.memory.withStore(body)
        case .sqlite: try await Driver.sqlite.withStore(body)
        case .rememberedMemory: try await Driver.memory.withStore { try await body(RememberingObjects($0)) }
        case .rememberedSQLite: try await Driver.sqlite.withStore { try await body(RememberingObjects($0)) }
        }
    }
}
