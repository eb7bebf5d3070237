import Logging
public import Model
public import Storage

/// Who changed what: only ever added to.
public final class AuditLog: Sendable {
    private let store: any AuditStore
    private let time: TimeSource
    private let logger: Logger

    init(store: any AuditStore, time: TimeSource, logger: Logger) {
        self.store = store
        self.time = time
        self.logger = logger
    }

    /// Notes something that was done, and returns when that is on disk. Where it cannot be stored, the server's log has it,
    /// and nobody may be told that it was done: the error says so.
    public func note(
        _ access: Access, _ action: String, _ subject: String, detail: String? = nil
    ) async throws(PlatformError) {
        let now = time.now()
        let entry = AuditEntry(
            id: time.makeID(at: now), time: now, actor: access.actor, action: action, subject: subject, detail: detail)
        do { try await store.append(entry) } catch {
            logger.error(
                "an entry of the audit log could not be stored",
                metadata: [
                    "actor": "\(access.actor)", "action": "\(action)", "subject": "\(subject)", "error": "\(error)",
                ])
            throw PlatformError(
                .unavailable,
                "The change (\(action) \(subject)) was made, but could not be noted in the audit log, so look at it and make it "
                    + "again.",
                cause: error)
        }
    }

    /// Newest first; only those before the one of this id.
    public func entries(before: UUID7? = nil, limit: Int) async throws(PlatformError) -> [AuditEntry] {
        try await PlatformError.storing { try await store.auditEntries(before: before, limit: limit) }
    }
}
