import Kernel
public import Logging
public import Model
public import Packages
public import ServiceLifecycle
public import SharedState
public import Storage

/// What the faces stand on: deploy, call, queue and look up. It knows no HTTP.
public final class Platform: Sendable {
    public let configuration: PlatformConfiguration
    public let tokens: TokenKeeper
    public let users: UserKeeper
    public let audit: AuditLog
    /// The sandboxes that calls run in.
    public let sandbox: any SandboxService
    public let spots: SpotKeeper
    /// Values that calls share.
    public let state: SharedState
    /// Files that calls share; nil where the server keeps none.
    public let files: SharedFiles?
    public let namespaces: NamespaceKeeper
    public let secrets: SecretKeeper

    let store: any Store
    let time: TimeSource
    let vault: ContextVault
    let directory: FunctionDirectory
    let runner: CallRunner
    let dispatcher: Dispatcher
    /// Tells those who wait what happens to executions.
    let hub: ExecutionHub
    /// Rings where callbacks may be due.
    let callbacks: CallbackSignal
    let retention: Retention
    let packages: PackageKeeper
    /// Deploys of one name come one after another.
    let deploys = KeyedGate<FunctionKey>()
    /// One rotation of keys at a time.
    let rotations = KeyedGate<Int>()
    let logger: Logger

    public init(
        store: any Store, sandbox: any SandboxService, vault: ContextVault,
        packages: PackageStore? = nil, resolver: (any RequirementResolver)? = nil, files: SharedFiles? = nil,
        configuration: PlatformConfiguration = PlatformConfiguration(), time: TimeSource = .system,
        outbound: (any OutboundSender)? = nil, logger: Logger
    ) {
        self.configuration = configuration
        self.store = store
        self.sandbox = sandbox
        self.vault = vault
        self.time = time
        self.logger = logger
        tokens = TokenKeeper(
            store: store, time: time, cacheDuration: configuration.tokenCacheDuration,
            useInterval: configuration.tokenUseInterval, logger: logger)
        users = UserKeeper(
            store: store, hasher: PasswordHasher(rounds: configuration.passwordRounds), time: time,
            cacheDuration: configuration.tokenCacheDuration)
        audit = AuditLog(store: store, time: time, logger: logger)
        self.packages = PackageKeeper(
            store: packages, resolver: resolver, functions: store, builtin: configuration.providedPackages,
            logger: logger)
        directory = FunctionDirectory(
            store: store, sandbox: sandbox, vault: vault, packages: self.packages, configuration: configuration,
            logger: logger)
        namespaces = NamespaceKeeper(store: store)
        secrets = SecretKeeper(store: store, vault: vault)
        runner = CallRunner(directory: directory, sandbox: sandbox, secrets: secrets, logger: logger)
        var stateLimits = StateLimits()
        stateLimits.maximumStateValueBytes = configuration.maximumStateValueBytes
        state = SharedState(store: store, limits: stateLimits)
        self.files = files
        callbacks = CallbackSignal()
        hub = ExecutionHub(
            maximumLines: configuration.maximumLiveLogLines, maximumBytes: configuration.maximumLiveLogBytes)
        let dispatcher = Dispatcher(
            store: store, runner: runner, hub: hub, callbacks: callbacks, configuration: configuration, time: time,
            logger: logger)
        self.dispatcher = dispatcher
        spots = SpotKeeper(
            store: store, host: sandbox, time: time, logger: logger, onCapacity: { dispatcher.setPaused(!$0) },
            onEnded: { [hub] in hub.changed($0) })
        retention = Retention(
            store: store, packages: self.packages, files: files, configuration: configuration, time: time,
            logger: logger)
        sandbox.onLogs { [hub] id, lines in hub.show(id, lines) }
        let keep = { @Sendable [store, hub, logger] (execution: Execution) async in
            await Self.record(execution, in: store, hub, logger)
        }
        sandbox.setHostCalls(
            HostCalls(
                active: runner.active,
                chaining: Chaining(runner: runner, configuration: configuration, time: time, record: keep),
                outbound: Outbound(sender: outbound, configuration: configuration),
                state: StateCalling(state: state, runner: runner),
                files: FileCalling(files: files, active: runner.active), answers: AnswerCalling(runner: runner)))
    }

    /// The time now.
    public var now: Timestamp { time.now() }

    /// What must stop after the sandboxes.
    public var lastService: any Service {
        StateService(state: state, interval: configuration.stateInterval, logger: logger)
    }

    /// What must run beside the platform, in the order of starting; to be stopped in the opposite order.
    public var services: [any Service] { [tokens, spots, dispatcher.settler, dispatcher, retention] }
}
