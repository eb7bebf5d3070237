import FaceFaasm
import Logging
import Platform

extension ServerConfiguration {
    /// What can be set for Faasm's users.
    static let faasmSettings: [Setting] = [
        Setting(
            name: "faasm-upload",
            help: "Where Faasm's clients upload: HOST:PORT, PORT, or off. By default port 8002, where it is free."
        ) { configuration, value throws(Refused) in
            configuration.faasm.upload = try listener(value)
        },
        Setting(
            name: "faasm-invoke", help: "A listener for planner JSON beside the main one: HOST:PORT, PORT, or off."
        ) { configuration, value throws(Refused) in
            configuration.faasm.invoke = try listener(value)
        },
        Setting(
            name: "faasm-auth",
            help:
                "Whose requests to Faasm's paths need a token: token (all), or at 127.0.0.1 loopback (no program of this machine), none."
        ) { configuration, value throws(Refused) in
            guard let guarding = FaasmFace.Guarding(rawValue: value) else {
                throw Refused(message: "must be token, loopback or none, but is `\(value)`")
            }
            configuration.faasm.guarding = guarding
        },
        Setting(name: "faasm-cors", help: "Whether web pages may use Faasm's paths.") {
            configuration, value throws(Refused) in
            configuration.faasm.allowsWebPages = try truth(value)
        },
        Setting(name: "capture-stdout", help: "Whether Faasm's clients see what a call prints before its output.") {
            configuration, value throws(Refused) in
            configuration.faasm.capturesStandardOutput = try truth(value)
        },
        Setting(name: "chained-call-timeout", help: "Milliseconds that a call waits for one that it chained.") {
            configuration, value throws(Refused) in
            configuration.platform.chainedCallTimeout = .milliseconds(try number(value, 1...86_400_000))
        },
        Setting(name: "max-chained-calls", help: "Calls that may come of one.") {
            configuration, value throws(Refused) in
            configuration.platform.maximumChainedCalls = try number(value, 0...99_999)
        },
        Setting(name: "max-state-value-bytes", help: "Bytes of one value of shared state.") {
            configuration, value throws(Refused) in
            configuration.platform.maximumStateValueBytes = try number(value, 1...(1 << 30))
        },
        Setting(name: "max-chain-depth", help: "How deep calls may chain calls.") {
            configuration, value throws(Refused) in
            configuration.platform.maximumChainDepth = try number(value, 0...10_000)
        },
    ]

    /// The variables that servers of Faasm are set by, and what each means here.
    static let faasmVariables: [(name: String, setting: String?)] = [
        ("CHAINED_CALL_TIMEOUT", "chained-call-timeout"), ("CAPTURE_STDOUT", "capture-stdout"),
        ("OVERRIDE_CPU_COUNT", "threads"), ("LOG_LEVEL", "log-level"), ("PYTHON_CODEGEN", nil),
    ]

    /// Reads one of those variables.
    mutating func read(faasmVariable name: String, _ value: String) throws(Refused) {
        guard let setting = Self.faasmVariables.first(where: { $0.name == name })?.setting else {
            guard ["on", "off"].contains(value) else {
                throw Refused(message: "must be `on` or `off`, but is `\(value)`")
            }
            faasm.compilesFirst = value == "on"
            return
        }
        var value = value
        if name == "CAPTURE_STDOUT" { value = ["on": "true", "off": "false"][value] ?? value }
        if name == "LOG_LEVEL" {
            value = ["warn": "warning", "off": "critical"][value.lowercased()] ?? value.lowercased()
        }
        guard let known = Self.settings.first(where: { $0.name == setting }) else { return }
        try known.apply(&self, value)
    }

    /// Refuses to do without tokens where others than this machine's programs could come: the names that a request gives are
    /// no proof of where it is from.
    func checkFaasmListeners() throws(ConfigurationError) {
        guard let guarding = faasm.guarding, guarding != .token else { return }
        let hosts = [faasm.upload, faasm.invoke].compactMap { listener in
            if case .at(let host?, _) = listener { host } else { nil }
        }
        guard let open = ([host] + hosts).first(where: { !Self.isLoopback($0) }) else { return }
        throw ConfigurationError(
            key: "--faasm-auth",
            message:
                "`\(guarding.rawValue)` is for listeners that only this machine reaches, but others reach \(open): "
                + "without tokens they could run and replace everybody's functions. Listen at 127.0.0.1, or say `token`"
        )
    }

    private static func listener(_ text: String) throws(Refused) -> FaasmSettings.Listener {
        if text == "off" { return .off }
        if let port = UInt16(text) { return .at(host: nil, port: Int(port)) }
        let (host, port) = try address(text)
        return .at(host: host, port: port)
    }

    private static func truth(_ text: String) throws(Refused) -> Bool {
        guard let value = Bool(text) else { throw Refused(message: "must be true or false, but is `\(text)`") }
        return value
    }
}
