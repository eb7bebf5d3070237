public import Blobs
public import LabelledFiles
public import Labels

/// A call of a gate from outside of the labelled file system.
public struct GateRequest: Sendable {
    public var path: FilePath
    /// Who calls, which is the power that the call is made with; `T`: anybody.
    public var user: Component
    /// What the request may be known by. The answer must be allowed to flow to this, joined with what finding the gate took.
    public var label: Label
    /// As it was received, byte for byte.
    public var payload: [UInt8]
    /// By names in lower case; who signs in with one must leave that out.
    public var headers: [String: String]
    /// The files of the request, in order.
    public var uploads: [(name: String, upload: Upload)]
    /// Whether functions that want it get the payload wrapped into an event.
    public var isFromGateway: Bool

    public init(
        path: FilePath, user: Component = .true, label: Label = .public, payload: [UInt8] = [],
        headers: [String: String] = [:], uploads: [(name: String, upload: Upload)] = [], isFromGateway: Bool = true
    ) {
        self.path = path
        self.user = user
        self.label = label
        self.payload = payload
        self.headers = headers
        self.uploads = uploads
        self.isFromGateway = isFromGateway
    }
}

/// What a gate answered, which whoever asked may know.
public struct GateAnswer: Sendable {
    public enum Body: Sendable {
        case bytes([UInt8])
        /// To be sent as it is, piece by piece.
        case blob(BlobReader)
    }

    /// The function's own HTTP status.
    public var status: Int
    public var body: Body
    /// Whether the body tells of an exception that the function did not catch.
    public var functionFailed: Bool
    /// The id of the call.
    public var invocation: String
    /// From the arrival of the request to the answer.
    public var nanoseconds: Int64

    public init(status: Int, body: Body, functionFailed: Bool, invocation: String, nanoseconds: Int64) {
        self.status = status
        self.body = body
        self.functionFailed = functionFailed
        self.invocation = invocation
        self.nanoseconds = nanoseconds
    }
}
