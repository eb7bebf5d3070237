internal import CWasmtime

/// What a store has beside its state, where its modules are somebody else's.
public struct StoreOptions: Sendable {
    /// Where a run trapped: innermost function first. Used by the thread of the run.
    public final class Backtrace: @unchecked Sendable {
        // SAFETY: written and read by the thread that runs the instance, and by no other.
        public internal(set) var lines: [String] = []
        public init() {}
    }

    /// How many elements one table may have.
    public var maximumTableElements: Int
    /// Asked on the guest's thread after ``Engine/lookAtRuns()``: true ends the run.
    public var shouldEnd: @Sendable () -> Bool
    public let backtrace = Backtrace()

    public init(maximumTableElements: Int, shouldEnd: @escaping @Sendable () -> Bool) {
        self.maximumTableElements = maximumTableElements
        self.shouldEnd = shouldEnd
    }

    private final class Question {
        let shouldEnd: @Sendable () -> Bool
        init(_ shouldEnd: @escaping @Sendable () -> Bool) { self.shouldEnd = shouldEnd }
    }

    func apply(to store: OpaquePointer) {
        wasmtime_store_limiter(store, -1, Int64(maximumTableElements), -1, -1, -1)
        wasmtime_context_set_epoch_deadline(wasmtime_store_context(store), 1)
        wasmtime_store_epoch_deadline_callback(
            store,
            { _, data, ticks, kind in
                guard !Unmanaged<Question>.fromOpaque(data!).takeUnretainedValue().shouldEnd() else {
                    return wasmtime_error_new("the run was ended")
                }
                ticks!.pointee = 1
                kind!.pointee = UInt8(SWIFTLET_WASMTIME_CONTINUE)
                return nil
            },
            Unmanaged.passRetained(Question(shouldEnd)).toOpaque(), { Unmanaged<Question>.fromOpaque($0!).release() })
    }
}
