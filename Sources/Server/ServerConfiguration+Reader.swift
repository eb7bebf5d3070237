import Logging
import Platform

extension ServerConfiguration {
    /// One thing that can be set: by a flag `--NAME`, or by the environment variable `SWIFTLET_NAME`.
    public struct Setting: Sendable {
        public var name: String
        public var help: String
        let apply: @Sendable (inout ServerConfiguration, String) throws(Refused) -> Void

        /// The environment variable of this setting.
        public var variable: String {
            "SWIFTLET_" + name.uppercased().split(separator: "-").joined(separator: "_")
        }
    }

    struct Refused: Error { var message: String }

    /// Everything that can be set.
    public static let settings = serverSettings + faasmSettings + faastenSettings

    private static let serverSettings: [Setting] = [
        Setting(name: "data", help: "The folder that holds everything.") { configuration, value throws(Refused) in
            guard !value.isEmpty else { throw Refused(message: "must be the path of a folder") }
            configuration.dataFolder = value
        },
        Setting(name: "listen", help: "The address to listen at, HOST:PORT.") { configuration, value throws(Refused) in
            (configuration.host, configuration.port) = try address(value)
        },
        Setting(name: "public-url", help: "The address that users reach the server under.") {
            configuration, value throws(Refused) in
            guard value.hasPrefix("http://") || value.hasPrefix("https://") else {
                throw Refused(message: "must begin with http:// or https://, but is `\(value)`")
            }
            configuration.publicURL = String(value.reversed().drop { $0 == "/" }.reversed())
        },
        Setting(name: "workers", help: "Spots (worker processes) that the first start makes.") {
            configuration, value throws(Refused) in
            configuration.workers = try number(value, 1...256)
        },
        Setting(name: "threads", help: "Calls that each of those computes at one time.") {
            configuration, value throws(Refused) in
            configuration.threadsPerWorker = try number(value, 1...1024)
        },
        Setting(name: "queue-limit", help: "Calls that may wait for a sandbox.") {
            configuration, value throws(Refused) in
            configuration.queueLimit = try number(value, 0...1_000_000)
        },
        Setting(name: "async-concurrency", help: "Asynchronous calls that run at one time.") {
            configuration, value throws(Refused) in
            configuration.platform.asynchronousConcurrency = try number(value, 1...10_000)
        },
        Setting(name: "max-body-bytes", help: "Bytes of a request's body.") { configuration, value throws(Refused) in
            configuration.maximumRequestBodyBytes = try number(value, 1024...(1 << 30))
        },
        Setting(name: "drain-seconds", help: "How long running calls may go on after a stop was asked for.") {
            configuration, value throws(Refused) in
            configuration.drainLimit = .seconds(try number(value, 0...3600))
        },
        Setting(name: "context-key-file", help: "A file of yours with the key that contexts are encrypted with.") {
            configuration, value throws(Refused) in
            guard !value.isEmpty else { throw Refused(message: "must be the path of a file") }
            configuration.contextKeyFile = value
        },
        Setting(name: "keep-days", help: "Days that ended executions are kept; dead letters four times as long.") {
            configuration, value throws(Refused) in
            configuration.platform.keptDays = try number(value, 1...36_500)
        },
        Setting(name: "keep-executions", help: "Ended executions that are kept; the oldest go first.") {
            configuration, value throws(Refused) in
            configuration.platform.keptExecutions = try number(value, 1...1_000_000_000)
        },
        Setting(name: "idempotency-hours", help: "How long an idempotency key stands for its executions.") {
            configuration, value throws(Refused) in
            configuration.platform.idempotencyWindow = .seconds(try number(value, 1...8760) * 3600)
        },
        Setting(name: "callback-attempts", help: "How often it is tried to deliver a callback.") {
            configuration, value throws(Refused) in
            configuration.platform.callbackAttempts = try number(value, 1...20)
        },
        Setting(name: "allow-private-callbacks", help: "Whether callbacks may go to addresses that are not public.") {
            configuration, value throws(Refused) in
            guard let isAllowed = Bool(value) else {
                throw Refused(message: "must be true or false, but is `\(value)`")
            }
            configuration.platform.allowsPrivateCallbacks = isAllowed
        },
        Setting(
            name: "allow-http",
            help:
                "Hosts that functions may send requests to, divided by commas: NAME, *.NAME or *, with :PORT or without."
        ) { configuration, value throws(Refused) in
            configuration.platform.allowedHosts = try value.split(separator: ",").map {
                text throws(Refused) in
                let text = text.filter { $0 != " " }
                guard let pattern = HostPattern(text) else {
                    throw Refused(message: "`\(text)` is no host: give NAME, *.NAME or *, with :PORT or without")
                }
                return pattern
            }
        },
        Setting(
            name: "allow-private-http", help: "Whether functions' requests may go to addresses that are not public."
        ) {
            configuration, value throws(Refused) in
            guard let isAllowed = Bool(value) else {
                throw Refused(message: "must be true or false, but is `\(value)`")
            }
            configuration.allowsPrivateHTTP = isAllowed
        },
        Setting(name: "lease-seconds", help: "How long a run may go on before it is taken for lost.") {
            configuration, value throws(Refused) in
            configuration.platform.leaseDuration = .seconds(try number(value, 1...86_400))
            let often = configuration.platform.leaseDuration / 4
            configuration.platform.expiryInterval = min(configuration.platform.expiryInterval, often)
        },
        Setting(name: "install-requirements", help: "Whether requirements are installed, by pip.") {
            configuration, value throws(Refused) in
            guard let isWanted = Bool(value) else {
                throw Refused(message: "must be true or false, but is `\(value)`")
            }
            configuration.installsRequirements = isWanted
        },
        Setting(name: "pip-python", help: "The Python whose pip finds and fetches requirements.") {
            configuration, value throws(Refused) in
            guard !value.isEmpty else { throw Refused(message: "must be the path or the name of a program") }
            configuration.pipPython = value
        },
        Setting(name: "payload-secret-file", help: "A file of yours with the secret that builds are signed with.") {
            configuration, value throws(Refused) in
            guard !value.isEmpty else { throw Refused(message: "must be the path of a file") }
            configuration.payloadSecretFile = value
        },
        Setting(name: "open-system-info", help: "Whether /system/info is answered without a login.") {
            configuration, value throws(Refused) in
            guard let isOpen = Bool(value) else { throw Refused(message: "must be true or false, but is `\(value)`") }
            configuration.opensSystemInfo = isOpen
        },
        Setting(name: "gateway-timeout-seconds", help: "How long the caller of /function/NAME waits at most.") {
            configuration, value throws(Refused) in
            configuration.gatewayTimeout = .seconds(try number(value, 1...900))
        },
        Setting(name: "log-level", help: "trace, debug, info, notice, warning, error or critical.") {
            configuration, value throws(Refused) in
            guard let level = Logger.Level(rawValue: value) else {
                throw Refused(
                    message: "must be one of \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            configuration.logLevel = level
        },
    ]

    /// Reads the environment, Faasm's own variables first, then flags, which win. An unknown flag or an impossible value is refused.
    public init(
        flags: [String: String] = [:], environment: [String: String], dataFolder: String
    ) throws(ConfigurationError) {
        self.init(dataFolder: dataFolder)
        for (name, _) in Self.faasmVariables {
            guard let value = environment[name] else { continue }
            do { try read(faasmVariable: name, value) } catch {
                throw ConfigurationError(key: name, message: error.message)
            }
        }
        for setting in Self.settings {
            if let value = environment[setting.variable] { try set(setting, value, as: setting.variable) }
        }
        for (name, value) in flags.sorted(by: { $0.key < $1.key }) {
            guard let setting = Self.settings.first(where: { $0.name == name }) else {
                let known = Self.settings.map { "--\($0.name)" }.joined(separator: ", ")
                throw ConfigurationError(key: "--\(name)", message: "is not known; there are \(known)")
            }
            try set(setting, value, as: "--\(name)")
        }
        try checkFaasmListeners()
    }

    private mutating func set(_ setting: Setting, _ value: String, as key: String) throws(ConfigurationError) {
        do { try setting.apply(&self, value) } catch {
            throw ConfigurationError(key: key, message: error.message)
        }
    }

    static func number(_ text: String, _ range: ClosedRange<Int>) throws(Refused) -> Int {
        guard let number = Int(text), range.contains(number) else {
            throw Refused(
                message: "must be a number from \(range.lowerBound) to \(range.upperBound), but is `\(text)`")
        }
        return number
    }

    static func address(_ text: String) throws(Refused) -> (String, Int) {
        let refused = Refused(message: "must be HOST:PORT such as 127.0.0.1:8080, but is `\(text)`")
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw refused
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else { throw refused }
        return (String(host), Int(port))
    }
}
