import Model
import Synchronization

/// A store that forgets everything when it goes: for tests, and the plainest statement of what a driver must do.
public final class MemoryStore: Sendable {
    struct State: Sendable {
        var functions: [FunctionKey: Function] = [:]
        var versions: [FunctionID: [FunctionVersion]] = [:]
        var executions: [ExecutionID: StoredExecution] = [:]
        /// The ids of `executions`, oldest first.
        var order: [ExecutionID] = []
        var tokens: [UUID7: Token] = [:]
        var revoked: Set<[UInt8]> = []
        var users: [String: User] = [:]
        var audit: [AuditEntry] = []
        var spots: SpotRoster?
    }

    struct StoredExecution: Sendable {
        var execution: Execution
        var epoch: Int64 = 0
        var leasedUntil: Timestamp?
    }

    let state = Mutex(State())

    public init() {}
}
