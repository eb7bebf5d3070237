import Callbacks
import FaceFaaSpot
import FaceFaasm
import FaceFaasten
import FaceOpenFaaS
import HTTPTypes
import Hummingbird
import HummingbirdCore
public import Logging
public import Model
import NIOCore
import Packages
import Platform
import PlatformHTTP
public import ServiceLifecycle
import StorageSQLite
import UnixSignals

/// The composition root: makes the parts from a configuration and runs them until a signal asks them to stop.
public enum Server {
    /// Where a server that is up can be reached.
    public struct Place: Hashable, Sendable {
        public var url: String
        public var dataFolder: String
        /// The file with the administrator's token.
        public var tokenFile: String
    }

    /// Runs a server whose calls run in what `makeSandbox` makes. Returns when it has stopped.
    public static func run<Sandbox: SandboxService & Service>(
        _ configuration: ServerConfiguration,
        sandbox makeSandbox: (ServerConfiguration, Logger) async throws -> Sandbox,
        onReady: @escaping @Sendable (Place) async -> Void = { _ in }
    ) async throws {
        let logger = makeLogger("swiftlet", configuration.logLevel)
        let store = try SQLiteStore.open(folder: configuration.dataFolder)
        let result: Result<Void, any Error>
        do {
            try await Listening.check(configuration.host, configuration.port)
            let sandbox = try await makeSandbox(configuration, makeLogger("swiftlet.workers", configuration.logLevel))
            var limits = configuration.platform
            limits.drainLimit = configuration.drainLimit
            let packages = try PackageStore(folder: configuration.packagesFolder)
            let resolver =
                try configuration.installsRequirements
                ? WheelResolver(
                    store: packages, folder: configuration.packagesFolder, builtin: limits.providedPackages,
                    python: configuration.pipPython) : nil
            let home = HomeAddress()
            let files = try await SharedFiles(folder: "\(configuration.dataFolder)/files", store: store)
            let outbound = HTTPSender(allowsPrivate: configuration.allowsPrivateHTTP, gateway: { home.url })
            let platform = Platform(
                store: store, sandbox: sandbox,
                vault: try ContextVault(folder: configuration.dataFolder, keyFile: configuration.contextKeyFile),
                packages: packages, resolver: resolver, files: files, configuration: limits,
                outbound: outbound,
                logger: makeLogger("swiftlet.platform", configuration.logLevel))
            try await platform.tokens.ensureAdministrator(folder: configuration.dataFolder)
            try await platform.resumeKeyRotation()
            let callbacks = platform.callbackService(
                key: try CallbackKey(folder: configuration.dataFolder),
                sender: HTTPCallbackSender(
                    allowsPrivate: limits.allowsPrivateCallbacks, gateway: { home.url }),
                message: { execution in
                    OpenFaaSFace.callbackMessage(for: execution) ?? .json(FaaSpotFace.executionObject(execution))
                })
            let gateway = try await Gateway.make(platform, configuration)
            let faasm = configuration.faasm.face(at: configuration.host)
            let face = FaasmFace(
                platform: platform, configuration: faasm, parts: FaasmParts(platform, limits: faasm.limits))
            let faasten = try await Faasten.make(
                platform, store, outbound, configuration, makeLogger("swiftlet.gates", configuration.logLevel))
            let arrivals = Arrivals()
            let listeners = configuration.faasmListeners(
                face, arrivals, makeLogger("swiftlet.faasm", configuration.logLevel))
            // The listeners, the main one among them, and the preparation.
            arrivals.expect(listeners.count + 2)
            let announcement = Announcement(arrivals, logger, onReady: onReady)
            let preparation = Preparation(
                platform: platform, configuration: configuration, arrivals: arrivals, logger: logger)
            sandbox.beginPreparation()
            let web = web(platform, configuration, gateway, face, faasten.face) { place in
                home.set(place.homeURL)
                announcement.listens(at: place)
            }
            // Stopped in the opposite order: no new requests, then no new runs, then no sandboxes.
            var group = ServiceGroupConfiguration(
                services: [platform.lastService, sandbox, announcement, preparation] + platform.services
                    + faasten.services
                    + [callbacks, gateway.metrics] + listeners + [web],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: makeLogger("swiftlet.lifecycle", max(configuration.logLevel, .warning)))
            group.maximumGracefulShutdownDuration = configuration.drainLimit * 2 + .seconds(5)
            result = .success(try await ServiceGroup(configuration: group).run())
        } catch {
            result = .failure(Listening.explained(error, "--listen", configuration.host, configuration.port))
        }
        try await store.close()
        try result.get()
        logger.notice("stopped")
    }

    private static func web(
        _ platform: Platform, _ configuration: ServerConfiguration, _ gateway: OpenFaaSFace, _ faasm: FaasmFace,
        _ faasten: FaastenFace, _ onListening: @escaping @Sendable (Place) -> Void
    ) -> some Service {
        var paths = PathTable()
        Health(platform: platform).add(to: &paths)
        var face = FaaSpotFace.Configuration()
        face.publicURL = configuration.publicURL
        face.maximumRequestBodyBytes = configuration.maximumRequestBodyBytes
        face.servesMetrics = false
        FaaSpotFace(platform: platform, configuration: face).add(to: &paths)
        faasm.add(to: &paths)
        faasten.add(to: &paths)
        gateway.add(to: &paths)
        paths.elsewhere = { _, _ in NothingHere.answer }
        let (host, folder) = (configuration.host, configuration.dataFolder)
        return Application(
            responder: paths, server: HTTPServerBuilder { LoopBoundChannel(responder: $0) },
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: configuration.port), serverName: "swiftlet", backlog: 1024),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? configuration.port
                let shownHost = host.contains(":") ? "[\(host)]" : host
                let place = Place(
                    url: "http://\(shownHost):\(port)", dataFolder: folder,
                    tokenFile: "\(folder)/\(TokenKeeper.adminFileName)")
                onListening(place)
            },
            logger: makeLogger("swiftlet.http", max(configuration.logLevel, .warning)))
    }

    private static func makeLogger(_ label: String, _ level: Logger.Level) -> Logger {
        var logger = Logger(label: label) { LateMetadata(label: $0) }
        logger.logLevel = level
        return logger
    }
}
