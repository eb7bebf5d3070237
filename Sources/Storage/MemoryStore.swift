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
        var ledger = Ledger()
        var lanes: [LaneKey: Lane] = [:]
        /// The number of the last turn of a lane.
        var turn = 0
        var batches: [BatchID: BatchProgress] = [:]
        var keys: [NamespacedKey: UsedKey] = [:]
        var callbacks: [ExecutionID: WaitingCallback] = [:]
        var tokens: [UUID7: Token] = [:]
        var revoked: Set<[UInt8]> = []
        var users: [String: User] = [:]
        var audit: [AuditEntry] = []
        var spots: SpotRoster?
        var shared: [StateKey: StoredState] = [:]
        /// The version of the last change of `shared`.
        var stateVersion: Int64 = 0
        var objects = ObjectTables()
        var documents: [DocumentKind: [String: [UInt8]]] = [:]
        var apps: [AppKey: App] = [:]
    }

    struct StoredExecution: Sendable {
        /// All but what the queue changes, which is in `entry`.
        var record: Execution
        var entry: QueueEntry
        var attempts: [Attempt] = []

        var execution: Execution {
            var execution = record
            execution.take(entry)
            return execution
        }
    }

    struct NamespacedKey: Hashable, Sendable {
        var namespace: Namespace
        var text: String
    }

    struct UsedKey: Sendable {
        var digest: [UInt8]
        var expiresAt: Timestamp
        var executions: [ExecutionID]
    }

    struct WaitingCallback: Sendable {
        var callback: Callback
        var dueAt: Timestamp
    }

    let state = Mutex(State())

    public init() {}
}
