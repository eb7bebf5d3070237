public import Model
import Synchronization

extension MemoryStore: SpotStore {
    public func spots() async throws(StorageError) -> SpotRoster? { state.withLock { $0.spots } }

    public func save(_ roster: SpotRoster, ended: [Execution]) async throws(StorageError) {
        try StorageError.checkRecord(ended)
        state.withLock { state in
            state.spots = roster
            for execution in ended where state.executions[execution.id] == nil { state.insert(execution) }
        }
    }
}
