import Foundation
import Storage
import StorageSQLite
import Testing

/// The drivers that must all behave alike.
enum Driver: CaseIterable, Sendable, CustomTestStringConvertible {
    case memory, sqlite

    var testDescription: String { "\(self)" }

    /// Runs a test on a new, empty store.
    func withStore(_ body: (any Store) async throws -> Void) async throws {
        switch self {
        case .memory: try await body(MemoryStore())
        case .sqlite:
            try await withFolder { folder in
                let store = try SQLiteStore.open(folder: folder)
                try await body(store)
                try await store.close()
            }
        }
    }
}

/// Runs a test with the path of a new folder that is deleted afterwards.
func withFolder(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-\(UUID())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let result: Result<Void, any Error>
    do { result = .success(try await body(folder)) } catch { result = .failure(error) }
    try FileManager.default.removeItem(atPath: folder)
    try result.get()
}
