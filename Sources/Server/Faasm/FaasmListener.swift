import FaceFaasm
import Logging
import NIOCore
import PlatformHTTP
import ServiceLifecycle

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A listener of Faasm's surface beside the main one.
struct FaasmListener: Service {
    /// The setting that it is opened by, for messages.
    let setting: String
    let host: String
    let port: Int
    /// Whether the server does without where the port is taken.
    let isOptional: Bool
    let paths: PathTable
    let arrivals: Arrivals
    let logger: Logger

    func run() async throws {
        // Whoever waits for all listeners must not wait for one that cannot open.
        defer { arrivals.fail() }
        do {
            try await paths.server(at: host, port, logger: logger) { channel in
                logger.notice("`\(setting)` is at \(host):\(channel.localAddress?.port ?? port)")
                arrivals.arrive()
            }.run()
        } catch {
            guard isOptional, (error as? IOError)?.errnoCode == EADDRINUSE else {
                throw Listening.explained(
                    error, "--\(setting)", host, port, advice: "choose another port, or say `off`")
            }
            logger.notice(
                "\(host):\(port), where Faasm's clients upload, is taken by another program; /faasm/upload/ is here all the same"
            )
            arrivals.arrive()
            // A service that returns would stop the others.
            try? await gracefulShutdown()
        }
    }
}

extension ServerConfiguration {
    /// The listeners that are to be opened beside the main one.
    func faasmListeners(_ face: FaasmFace, _ arrivals: Arrivals, _ logger: Logger) -> [FaasmListener] {
        func listener(
            _ setting: String, _ where: FaasmSettings.Listener, _ add: (FaasmFace, inout PathTable) -> Void
        ) -> FaasmListener? {
            let (host, port, isOptional): (String, Int, Bool)
            switch `where` {
            case .off: return nil
            case .usual: (host, port, isOptional) = (self.host, FaasmSettings.usualUploadPort, true)
            case .at(let named, let number): (host, port, isOptional) = (named ?? self.host, number, false)
            }
            var face = face
            face.configuration = faasm.face(at: host)
            var paths = PathTable()
            add(face, &paths)
            return FaasmListener(
                setting: setting, host: host, port: port, isOptional: isOptional, paths: paths, arrivals: arrivals,
                logger: logger)
        }
        return [
            listener("faasm-upload", faasm.upload) { $0.addUploads(to: &$1) },
            listener("faasm-invoke", faasm.invoke) { $0.addInvocations(to: &$1) },
        ].compactMap { $0 }
    }
}
