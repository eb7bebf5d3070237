import ArgumentParser
import Client
import Packages
import Platform
import Server
import Storage
import WorkerHost

/// Starts a server, and runs it until it is asked to stop.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Start a server.",
        discussion: """
            Every option can also be set by an environment variable: --queue-limit by SWIFTLET_QUEUE_LIMIT, and so on.
            """)

    @OptionGroup var place: ServerPlace
    @OptionGroup var capacity: ServerCapacity
    @OptionGroup var keeping: ServerKeeping
    @OptionGroup var outbound: ServerOutbound
    @OptionGroup var packages: ServerPackages
    @OptionGroup var gateway: ServerGateway
    @OptionGroup var faasm: ServerFaasm
    @OptionGroup var faasten: ServerFaasten

    func run() async throws {
        do {
            let groups = [
                capacity.flags, keeping.flags, outbound.flags, packages.flags, gateway.flags, faasm.flags,
                faasten.flags,
            ]
            let configuration = try place.configuration(groups.reduce(into: [:]) { $0.merge($1) { $1 } })
            let installation = Installation()
            try await Server.run(
                configuration,
                sandbox: { configuration, logger in
                    try WorkerPool(
                        try Self.workers(configuration, installation),
                        packages: try PackageStore(folder: configuration.packagesFolder), logger: logger)
                },
                onReady: { Self.announce($0) })
        } catch {
            Console.error("swiftlet: \(Self.sentence(for: error))")
            throw ExitCode.failure
        }
        withdraw()
    }

    static func workers(
        _ configuration: ServerConfiguration, _ installation: Installation
    ) throws(WorkerError) -> WorkerPoolConfiguration {
        guard let guestFolder = installation.guestFolder else {
            throw WorkerError("python.wasm is not there; `swiftlet doctor` says where it is looked for")
        }
        return WorkerPoolConfiguration(
            executablePath: installation.executablePath, guestFolder: guestFolder, codeFolder: installation.codeFolder,
            imagesFolder: "\(configuration.dataFolder)/images", queueLimit: configuration.queueLimit)
    }

    /// Lets `fas` find the server without any set-up.
    private static func announce(_ place: Server.Place) {
        // Whoever waits for the line below may call `fas` at once.
        do { try LocalServer(url: reachable(place.url), data: place.dataFolder).announce() } catch {
            Console.error("swiftlet: `fas` will need a profile to find this server. \(error.message)")
        }
        Console.out("Swiftlet \(versionText) is ready at \(place.url)")
    }

    /// Who listens at all addresses is reached at the loopback one.
    private static func reachable(_ url: String) -> String {
        for (all, one) in [("http://0.0.0.0:", "http://127.0.0.1:"), ("http://[::]:", "http://[::1]:")]
        where url.hasPrefix(all) {
            return one + url.dropFirst(all.count)
        }
        return url
    }

    private static func sentence(for error: any Error) -> String {
        switch error {
        case let error as StorageError: error.message
        case let error as PlatformError: error.message
        default: "\(error)"
        }
    }

    private func withdraw() {
        guard let server = LocalServer.discover(), server.data == (try? place.configuration([:]))?.dataFolder else {
            return
        }
        server.withdraw()
    }
}
