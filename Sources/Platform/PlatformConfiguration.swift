public import Model

/// The limits and time spans of the platform. Every one has a name, a unit and a default.
public struct PlatformConfiguration: Sendable {
    /// UTF-8 bytes of a function's code.
    public var maximumSourceBytes = 1 << 20
    /// The same for functions of Faasm's users.
    public var maximumFaasmSourceBytes = 16 << 20
    /// UTF-8 bytes of a context text.
    public var maximumContextBytes = 64 << 10
    /// UTF-8 bytes of a requirements text.
    public var maximumRequirementsBytes = 16 << 10
    /// Wall and processor time of importing a user's module at deploy.
    public var maximumImportMilliseconds = 10_000
    /// Calls in one bulk request.
    public var maximumBulkCalls = 10_000
    /// Executions that are accepted and have not ended, all functions together.
    public var maximumUnfinishedExecutions = 1_000_000
    /// Executions in one page of a list.
    public var maximumListedExecutions = 1000
    /// Input, and output, of a synchronous call that are kept with its record; longer ones are left out.
    public var maximumRecordedBytes = 1 << 20
    /// Functions whose code and context are held ready in memory.
    public var maximumCachedFunctions = 10_000
    /// Asynchronous calls that run at one time.
    public var asynchronousConcurrency = 8
    /// Calls that may come of one.
    public var maximumChainedCalls = 10_000
    /// How deep calls may call calls.
    public var maximumChainDepth = 256
    /// Outputs of the calls that came of one, which are kept until the last of them has ended.
    public var maximumChainedOutputBytes = 256 << 20
    /// How long a call waits for another one where it does not say.
    public var chainedCallTimeout: Duration = .seconds(300)
    /// How often a call is started whose worker died.
    public var maximumAttempts = 3
    /// How long an idempotency key stands for the executions that it was first used for.
    public var idempotencyWindow: Duration = .seconds(86_400)
    /// The longest that a start may be delayed, or a run may wait.
    public var maximumDelay: Duration = .seconds(30 * 86_400)
    /// The longest that one request waits for an end.
    public var maximumWait: Duration = .seconds(60)
    /// What priorities may be.
    public var priorities = -100...100
    /// Days that ended executions are kept.
    public var keptDays = 30
    /// Ended executions that are kept.
    public var keptExecutions = 1_000_000
    /// How many times as long dead letters are kept.
    public var deadLetterFactor = 4
    /// How often is looked for what was kept for long enough.
    public var retentionInterval: Duration = .seconds(60)
    /// Executions that are deleted in one transaction.
    public var retentionBatch = 500
    /// Whether callbacks may go to addresses that are not public.
    public var allowsPrivateCallbacks = false
    /// How often it is tried to deliver a callback.
    public var callbackAttempts = 6
    /// The pause after the first failed attempt; each later one is four times as long.
    public var callbackBackoff: Duration = .seconds(2)
    /// How long one attempt may take.
    public var callbackTimeout: Duration = .seconds(15)
    /// Callbacks that are under way at one time.
    public var callbackConcurrency = 16
    /// How often is made durable what failed calls wrote to the shared state.
    public var stateInterval: Duration = .seconds(5)
    /// Hosts that functions may send requests to.
    public var allowedHosts: [HostPattern] = []
    /// The longest that a function's request to another server may take.
    public var outboundTimeout: Duration = .seconds(60)
    /// Bytes of the answer to a function's request.
    public var maximumOutboundAnswerBytes = 16 << 20
    /// Lines and bytes of a running call's log that are held for those who follow it.
    public var maximumLiveLogLines = 1000
    public var maximumLiveLogBytes = 256 << 10
    /// How long a lease holds; longer than any call may run.
    public var leaseDuration: Duration = .seconds(1200)
    /// How long running asynchronous calls may go on after a stop was asked for.
    public var drainLimit: Duration = .seconds(20)
    /// How often expired leases are looked for.
    public var expiryInterval: Duration = .seconds(30)
    /// How long a cancel waits for the run to end before it answers.
    public var cancelWait: Duration = .seconds(2)
    /// How long a verified token or password needs no look into the store.
    public var tokenCacheDuration: Duration = .seconds(30)
    /// How often last uses of tokens are stored.
    public var tokenUseInterval: Duration = .seconds(10)
    /// Rounds of scrypt for new passwords, a power of two.
    public var passwordRounds = 1 << 15
    /// Entries in one page of the audit log.
    public var maximumListedAuditEntries = 1000
    /// Bytes of one value of shared state.
    public var maximumStateValueBytes = 256 << 20
    /// Tokens in one answer.
    public var maximumListedTokens = 1000
    /// Distributions that the sandbox has: versions by normalised names.
    public var providedPackages = [
        "certifi": "2025.1.31", "charset-normalizer": "3.4.1", "genshi": "0.7.9", "idna": "3.10",
        "markupsafe": "2.1.5", "pillow": "11.1.0", "pyaes": "1.6.1", "pyfaasm": "0.1.0", "pyyaml": "6.0.2",
        "requests": "2.32.3", "six": "1.17.0", "urllib3": "2.3.0",
    ]
    /// What new functions get.
    public var limits = FunctionLimits.standard

    public init() {}
}
