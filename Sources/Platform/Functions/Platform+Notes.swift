public import Model
import Storage

/// What faces keep beside functions.
extension Platform {
    /// How many replicas were asked for, by the function's id.
    public func replicas() async throws(PlatformError) -> [FunctionID: Int] {
        try await PlatformError.storing {
            var replicas: [FunctionID: Int] = [:]
            for (name, bytes) in try await store.documents(.replicas) {
                if let id = FunctionID(name) { replicas[id] = Int(String(decoding: bytes, as: UTF8.self)) }
            }
            return replicas
        }
    }

    /// Notes how many replicas are asked for; nil: nobody asks.
    public func setReplicas(_ count: Int?, of id: FunctionID) async throws(PlatformError) {
        let bytes = count.map { Array("\($0)".utf8) }
        try await PlatformError.storing {
            try await store.save([DocumentChange(.replicas, id.description, bytes)])
        }
    }

    /// What was counted under a name before the last stop.
    public func counters(_ name: String) async throws(PlatformError) -> [UInt8]? {
        try await PlatformError.storing { try await store.document(.counters, name) }
    }

    public func saveCounters(_ name: String, _ bytes: [UInt8]) async throws(PlatformError) {
        try await PlatformError.storing { try await store.save([DocumentChange(.counters, name, bytes)]) }
    }
}
