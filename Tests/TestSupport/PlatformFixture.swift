import Crypto
import Logging
public import Model
public import Packages
public import Platform
public import ServiceLifecycle
public import Storage
import Synchronization

/// A platform on a store in memory, with sandboxes that a test scripts.
public struct PlatformFixture: Sendable {
    public let store = MemoryStore()
    public let sandbox = ScriptedSandbox()
    public let platform: Platform
    public let folder: TemporaryFolder
    /// Where packages are, if anywhere.
    private let packagesFolder: TemporaryFolder?

    public init(
        _ change: (inout PlatformConfiguration) -> Void = { _ in }, packages: PackageStore? = nil,
        resolver: (any RequirementResolver)? = nil, keeping packagesFolder: TemporaryFolder? = nil,
        time: TimeSource = .system
    ) throws {
        self.packagesFolder = packagesFolder
        var configuration = PlatformConfiguration()
        configuration.cancelWait = .seconds(20)
        configuration.passwordRounds = 16
        change(&configuration)
        folder = try TemporaryFolder()
        platform = Platform(
            store: store, sandbox: sandbox, vault: try ContextVault(folder: folder.path), packages: packages,
            resolver: resolver, configuration: configuration, time: time,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Runs the queue, and what else is given, while `body` runs, and stops it gracefully after.
    public func withServices<T: Sendable>(
        and more: [any Service] = [], _ body: @escaping @Sendable () async throws -> T
    ) async throws -> T {
        let group = ServiceGroup(
            services: platform.services + more, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        return try await withThrowingTaskGroup(of: T?.self) { tasks in
            tasks.addTask {
                try await group.run()
                return nil
            }
            let value = try await body()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return value
        }
    }

    /// Deploys a function in the default namespace.
    @discardableResult
    public func deploy(
        _ name: String, _ source: String = "def main(args, context): return args", context: String? = nil
    )
        async throws -> FunctionKey
    {
        let key = FunctionKey(name: try FunctionName(name))
        _ = try await platform.create(FunctionDraft(key: key, face: .faaspot, source: source, context: context))
        return key
    }
}
