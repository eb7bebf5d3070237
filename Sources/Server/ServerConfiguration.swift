public import Logging
import Model
public import Platform

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What a server is started with. Everything has a default.
public struct ServerConfiguration: Sendable {
    /// The folder that holds everything: database, keys, images.
    public var dataFolder: String
    /// The address to listen at.
    public var host = "127.0.0.1"
    /// The port to listen at; 0 takes a free one.
    public var port = 8080
    /// The address that users reach the server under, where a proxy stands before it; nil: what they ask for.
    public var publicURL: String?
    /// Spots that the first start makes; nil: one.
    public var workers: Int?
    /// Calls that each spot of the first start computes at one time; nil: as many as suit the machine.
    public var threadsPerWorker: Int?
    /// Calls that may wait for a sandbox.
    public var queueLimit = 1024
    /// Bytes of a request's body.
    public var maximumRequestBodyBytes = 8 << 20
    /// How long running calls may go on after a stop was asked for.
    public var drainLimit: Duration = .seconds(20)
    /// The operator's own file with the key of contexts; nil: one in the data folder.
    public var contextKeyFile: String?
    /// Whether functions' requests may go to addresses that are not public.
    public var allowsPrivateHTTP = false
    /// Whether requirements are installed; else they may only name what is built in.
    public var installsRequirements = true
    /// The Python whose pip finds and fetches requirements: a path, or a name to be found in `PATH`.
    public var pipPython = "python3"
    /// The operator's own file with the secret that builds are signed with; nil: builds need a login.
    public var payloadSecretFile: String?
    /// Whether `/system/info` is answered without a login.
    public var opensSystemInfo = false
    /// The longest that the caller of `/function/NAME` waits.
    public var gatewayTimeout: Duration = .seconds(60)
    public var logLevel = Logger.Level.info
    public var platform = PlatformConfiguration()
    public var faasm = FaasmSettings()
    public var faasten = FaastenSettings()

    public init(dataFolder: String) { self.dataFolder = dataFolder }

    /// Whether only programs of this machine can reach a listener at `host`.
    static func isLoopback(_ host: String) -> Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }

    /// Where packages are.
    public var packagesFolder: String { "\(dataFolder)/packages" }

    /// What the first start makes; later ones find what is stored.
    var firstSpots: (size: SpotSize, count: Int) {
        let processors = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        let count = workers ?? 1
        let maximum = threadsPerWorker ?? max(1, processors / count)
        return (SpotSize(minimumWorkers: 1, maximumWorkers: maximum), count)
    }
}

/// A setting that keeps the server from starting.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The setting's name, as it was given.
    public var key: String
    public var message: String

    public var description: String { "`\(key)`: \(message)" }
}
