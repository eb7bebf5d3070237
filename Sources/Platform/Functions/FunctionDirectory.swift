import Kernel
import Logging
import Model
import Storage
import Synchronization

/// Finds what calls of a function need: in the cache, else in the store.
final class FunctionDirectory: Sendable {
    let cache: FunctionCache
    private let store: any FunctionStore
    private let sandbox: any SandboxService
    private let vault: ContextVault
    private let packages: PackageKeeper
    private let configuration: PlatformConfiguration
    private let logger: Logger
    /// One at a time takes a function's image anew; the others then find it.
    private let renewals = KeyedGate<FunctionID>()

    init(
        store: any FunctionStore, sandbox: any SandboxService, vault: ContextVault,
        packages: PackageKeeper, configuration: PlatformConfiguration, logger: Logger
    ) {
        self.store = store
        self.sandbox = sandbox
        self.vault = vault
        self.packages = packages
        self.configuration = configuration
        self.logger = logger
        cache = FunctionCache(capacity: configuration.maximumCachedFunctions)
    }

    /// The function as calls that begin now run it.
    func resolve(_ key: FunctionKey) async throws(PlatformError) -> ResolvedFunction {
        if let known = cache[key] { return known }
        let generation = cache.generation
        let (function, version) = try await load(key)
        let resolved = try resolved(function, version)
        cache.insert(resolved, readAt: generation)
        return resolved
    }

    /// A function and its current version, from the store.
    func load(_ key: FunctionKey) async throws(PlatformError) -> (Function, FunctionVersion) {
        // A redeploy between the two reads is no harm: versions stay. A deletion is found by the second.
        let (function, version) = try await PlatformError.storing {
            let function = try await store.function(key)
            guard let function else { return (nil as Function?, nil as FunctionVersion?) }
            return (function, try await store.version(function.version, of: function.id))
        }
        guard let function, let version else { throw .noFunction(key) }
        return (function, version)
    }

    /// What calls of a version need.
    func resolved(_ function: Function, _ version: FunctionVersion) throws(PlatformError) -> ResolvedFunction {
        var context: [UInt8] = []
        if let sealed = version.sealedContext {
            let text = try vault.open(sealed, function: function.id, version: version.number)
            context = try ContextText(parsing: text).json
        }
        let layout = CodeLayout(of: function.key, face: function.face, isPackage: version.packages.own != nil)
        return ResolvedFunction(
            function: function, image: ImageUse(version.image, sandbox: sandbox),
            mounts: version.source.isEmpty ? [] : layout.mounts(of: version.packages), context: context,
            entry: version.entry,
            deployment: version.deployment)
    }

    /// What became of an attempt to have an image that the sandboxes know.
    enum Renewal {
        case renewed(ResolvedFunction)
        /// The code that once was imported can no longer be: it changes with what it finds.
        case failed(PrepareOutcome, ExecutionFault)
    }

    /// Gets a function whose image is unknown to the sandboxes an image anew, from the stored source
    /// and packages.
    func renew(_ stale: ResolvedFunction) async throws(PlatformError) -> Renewal {
        try await renewals.pass([stale.function.id]) { () async throws(PlatformError) in
            let key = stale.function.key
            // Somebody else may have renewed or redeployed it while this one waited.
            if let known = cache[key], known !== stale { return .renewed(known) }
            let generation = cache.generation
            var (function, version) = try await load(key)
            if version.image != stale.image.id {
                let resolved = try resolved(function, version)
                cache.insert(resolved, readAt: generation)
                return .renewed(resolved)
            }
            logger.notice("taking an image anew", metadata: ["function": "\(key)", "version": "\(version.number)"])
            let outcome = try await prepare(
                request(
                    function.key, function.face, version.entry, version.source, function.limits, version.packages))
            switch outcome.result {
            case .failure(let fault): return .failed(outcome, fault)
            case .success(let image):
                version.image = image
                try await PlatformError.storing {
                    try await store.setImage(image, version: version.number, of: function.id)
                }
                let resolved = try resolved(function, version)
                cache.insert(resolved, readAt: generation)
                return .renewed(resolved)
            }
        }
    }

    /// What has an image made of code; of a module, where there is no source.
    func request(
        _ key: FunctionKey, _ face: Face, _ entry: String?, _ source: String, _ limits: FunctionLimits,
        _ use: PackageUse
    ) throws(PlatformError) -> PrepareRequest {
        guard source.isEmpty else {
            return PrepareRequest(
                key: key, face: face, entry: entry, source: source, limits: limits, packages: use)
        }
        return PrepareRequest(
            key: key, face: face, entry: entry, code: .webAssembly(try packages.module(of: use)), limits: limits)
    }

    /// Imports a module in a sandbox, within the limits of an import. One that uses what only calls have is imported in each
    /// of them instead.
    func prepare(_ request: PrepareRequest) async throws(PlatformError) -> PrepareOutcome {
        var request = request
        let most = configuration.maximumImportMilliseconds
        request.limits.wallTimeMilliseconds = min(request.limits.wallTimeMilliseconds, most)
        request.limits.cpuTimeMilliseconds = min(request.limits.cpuTimeMilliseconds, most)
        do {
            let outcome = try await sandbox.prepare(request)
            guard outcome.needsCall, !request.importsInCalls else { return outcome }
            request.importsInCalls = true
            return try await sandbox.prepare(request)
        } catch { throw .refusal(error) }
    }
}
