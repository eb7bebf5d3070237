import Model

/// The number by which a call tells another how it ended.
enum ReturnCode {
    static let failed: Int32 = 1
    static let trapped: Int32 = -1
    static let unknownCall: Int32 = -2
    static let outOfMemory: Int32 = -12
    static let timedOut: Int32 = -110
    static let cancelled: Int32 = -125

    static func of(_ fault: ExecutionFault?) -> Int32 {
        guard let fault else { return 0 }
        switch fault.kind {
        case .exited: return Int32(truncatingIfNeeded: fault.exitCode ?? 1)
        case .timedOut, .expired: return timedOut
        case .cancelled: return cancelled
        case .limit: return fault.type == "MemoryError" ? outOfMemory : failed
        case .trapped: return trapped
        case .raised, .workerLost, .platform: return failed
        }
    }
}
