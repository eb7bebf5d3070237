import Logging
import Model
import Storage
import Testing

@testable import Platform

struct AuditTests {
    /// A store without room for entries.
    private struct FullStore: AuditStore {
        func append(_ entry: AuditEntry) async throws { throw StorageError(.unavailable, "no room") }
        func auditEntries(before: UUID7?, limit: Int) async throws -> [AuditEntry] { [] }
    }

    @Test func `a change that cannot be noted is no success`() async throws {
        let log = AuditLog(
            store: FullStore(), time: .system, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let error = await #expect(throws: PlatformError.self) {
            try await log.note(.local, "function.delete", "hello")
        }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("function.delete hello") == true)
    }
}
