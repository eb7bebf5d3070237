public import Model

/// The number by which a call tells another how it ended.
public enum ReturnCode {
    public static let failed: Int32 = 1
    public static let trapped: Int32 = -1
    public static let unknownCall: Int32 = -2
    public static let outOfMemory: Int32 = -12
    public static let timedOut: Int32 = -110
    public static let cancelled: Int32 = -125

    public static func of(_ fault: ExecutionFault?) -> Int32 {
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
