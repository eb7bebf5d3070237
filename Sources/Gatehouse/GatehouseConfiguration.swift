/// The server's key pair, which its tokens are signed with: ES256, each half as text in PEM.
public struct SigningKeys: Hashable, Sendable {
    public var publicPEM: [UInt8]
    public var privatePEM: [UInt8]

    public init(publicPEM: [UInt8], privatePEM: [UInt8]) {
        self.publicPEM = publicPEM
        self.privatePEM = privatePEM
    }
}

/// The limits and time spans of gates. Every one has a name, a unit and a default.
public struct GatehouseConfiguration: Sendable {
    /// What the files `public_key` and `private_key` hold; made at the first start.
    public var keys: SigningKeys
    /// How long a call may take whose gate does not say.
    public var defaultTimeout: Duration = .seconds(300)
    /// How deep calls may call calls.
    public var maximumDepth = 64
    /// Calls that may wait for a turn at one gate.
    public var maximumWaitingCalls = 1000
    /// How long the answer of an asynchronous call is kept.
    public var resultLifetime: Duration = .seconds(3600)
    /// Asynchronous calls that are under way or whose answers are kept.
    public var maximumInvocations = 10_000
    /// Bytes of the payloads of asynchronous calls that are under way.
    public var maximumPendingBytes = 256 << 20
    /// Files of such calls, each of which is open.
    public var maximumPendingFiles = 512
    /// Bytes of the answers that are kept.
    public var maximumResultBytes = 256 << 20
    /// Asynchronous calls that run at one time.
    public var asynchronousConcurrency = 8
    /// How long the request of a service may take.
    public var serviceTimeout: Duration = .seconds(30)
    /// Redirects that the request of a service follows; none leads to another host.
    public var maximumRedirects = 5
    /// Lines and bytes of functions' output that are kept for each gate.
    public var maximumLogLines = 1000
    public var maximumLogBytes = 256 << 10
    /// Gates whose output is kept.
    public var maximumLoggedGates = 1000
    /// How often is removed what no name leads to.
    public var collectionInterval: Duration = .seconds(600)

    public init(keys: SigningKeys) { self.keys = keys }
}
