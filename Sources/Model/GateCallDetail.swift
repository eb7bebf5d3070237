/// How a gate's function is to be called, and by whom; nil: the usual way.
public struct GateCallDetail: Hashable, Sendable, Codable {
    /// A file of the request.
    public struct Upload: Hashable, Sendable, Codable {
        public var name: String
        /// The number that the function reads it by.
        public var handle: UInt32
        /// SHA-256 of its bytes, 64 hexadecimal digits.
        public var hash: String

        public init(name: String, handle: UInt32, hash: String) {
            self.name = name
            self.handle = handle
            self.hash = hash
        }
    }

    /// `auto`, `g1` or `g2`.
    public var api: String?
    /// `auto`, `wrapped` or `raw`.
    public var event: String?
    /// The HTTP status of uncaught exceptions.
    public var errors: Int?
    /// Whether refusals are raised as exceptions.
    public var strict: Bool?
    /// Whether the call came from outside, so that the payload may be wrapped.
    public var gateway: Bool
    /// By names in lower case; or the parameters that a calling function gave.
    public var headers: [String: String]
    /// Tokens of each single principal of who called.
    public var invokers: [[String]]
    public var blobs: [Upload]

    public init(
        api: String? = nil, event: String? = nil, errors: Int? = nil, strict: Bool? = nil, gateway: Bool,
        headers: [String: String], invokers: [[String]], blobs: [Upload]
    ) {
        self.api = api
        self.event = event
        self.errors = errors
        self.strict = strict
        self.gateway = gateway
        self.headers = headers
        self.invokers = invokers
        self.blobs = blobs
    }
}
