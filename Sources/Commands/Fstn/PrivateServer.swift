import Client
import Glibc
import Kernel
import Packages
import Server
import WorkerHost

/// A server of this process, on a data folder that is gone with it.
enum PrivateServer {
    /// Starts a server, runs `body` against its address as its administrator, and stops it.
    static func with(_ body: @escaping @Sendable (Connection) async throws -> Void) async throws {
        let scratch = try ScratchFolder()
        var configuration = try ServerConfiguration(
            flags: ["listen": "127.0.0.1:0", "workers": "1", "log-level": "critical"], environment: [:],
            dataFolder: "\(scratch.path)/data")
        configuration.faasm.upload = .off
        let (places, ready) = AsyncStream.makeStream(of: Server.Place.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [configuration] in
                defer { ready.finish() }
                let installation = Installation()
                try await Server.run(
                    configuration,
                    sandbox: { configuration, logger in
                        try WorkerPool(
                            try ServeCommand.workers(configuration, installation),
                            packages: try PackageStore(folder: configuration.packagesFolder), logger: logger)
                    }, onReady: { ready.yield($0) })
                // Somebody asked the process to stop. What waits for its standard input would never hear of that.
                withExtendedLifetime(scratch) {}
                if !Task.isCancelled { exit(130) }
            }
            for await place in places {
                let server = LocalServer(url: place.url, data: place.dataFolder)
                try await body(try server.administration())
                break
            }
            group.cancelAll()
            do { try await group.waitForAll() } catch is CancellationError {}
        }
    }
}
