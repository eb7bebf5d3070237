public import Logging
public import Model
public import ServiceLifecycle
public import Storage

/// What the faces stand on: deploy, call, queue and look up. It knows no HTTP.
public final class Platform: Sendable {
    public let configuration: PlatformConfiguration
    public let tokens: TokenKeeper
    /// The sandboxes that calls run in.
    public let sandbox: any SandboxService

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
    /// Deploys of one name come one after another.
    let deploys = KeyedGate<FunctionKey>()
    let logger: Logger

    public init(
        store: any Store, sandbox: any SandboxService, vault: ContextVault,
        configuration: PlatformConfiguration = PlatformConfiguration(), time: TimeSource = .system, logger: Logger
    ) {
        self.configuration = configuration
        self.store = store
        self.sandbox = sandbox
        self.vault = vault
        self.time = time
        self.logger = logger
        tokens = TokenKeeper(store: store, time: time, cacheDuration: configuration.tokenCacheDuration)
        directory = FunctionDirectory(
            store: store, sandbox: sandbox, vault: vault, configuration: configuration, logger: logger)
        runner = CallRunner(directory: directory, sandbox: sandbox)
        callbacks = CallbackSignal()
        hub = ExecutionHub(
            maximumLines: configuration.maximumLiveLogLines, maximumBytes: configuration.maximumLiveLogBytes)
        dispatcher = Dispatcher(
            store: store, runner: runner, hub: hub, callbacks: callbacks, configuration: configuration, time: time,
            logger: logger)
        retention = Retention(store: store, configuration: configuration, time: time, logger: logger)
        sandbox.onLogs { [hub] id, lines in hub.show(id, lines) }
    }

    /// What must run beside the platform, in the order of starting; to be stopped in the opposite order.
    public var services: [any Service] { [dispatcher.settler, dispatcher, retention] }
}
