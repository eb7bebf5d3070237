/// Why an operation was not done, as the function that asked is told.
public enum FileCode: UInt8, Sendable, CaseIterable {
    case badPath = 1
    case notADir, notAFacetedDir, notAFile, notABlob, notAGate, notAService
    case linkExists, doesNotExist, invalidHandle, malformed, gateLoop, quotaExceeded, serviceFailed, busy, denied

    /// The name that functions know it by.
    public var name: String {
        switch self {
        case .badPath: "BadPath"
        case .notADir: "NotADir"
        case .notAFacetedDir: "NotAFacetedDir"
        case .notAFile: "NotAFile"
        case .notABlob: "NotABlob"
        case .notAGate: "NotAGate"
        case .notAService: "NotAService"
        case .linkExists: "LinkExists"
        case .doesNotExist: "DoesNotExist"
        case .invalidHandle: "InvalidHandle"
        case .malformed: "Malformed"
        case .gateLoop: "GateLoop"
        case .quotaExceeded: "QuotaExceeded"
        case .serviceFailed: "ServiceFailed"
        case .busy: "Busy"
        case .denied: "Denied"
        }
    }
}

/// An operation that was refused. The reason of a denial is in the denial log only.
public struct FileRefusal: Error, Hashable, Sendable {
    public let code: FileCode
    /// A sentence about what was given, which says no more than who gave it knows.
    public let detail: String?

    public init(_ code: FileCode, detail: String? = nil) {
        self.code = code
        self.detail = detail
    }
}
