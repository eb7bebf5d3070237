import ArgumentParser

/// What a server is set to for Faasm's users.
struct ServerFaasm: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where Faasm's clients upload: HOST:PORT, PORT, or off. (default: port 8002, where it is free)",
            valueName: "place"))
    var faasmUpload: String?

    @Option(
        help: ArgumentHelp(
            "A listener for planner JSON beside the main one: HOST:PORT, PORT, or off. (default: off)",
            valueName: "place"))
    var faasmInvoke: String?

    @Option(
        help: ArgumentHelp(
            "Whose requests to Faasm's paths need a token: token (all), or, where only this machine reaches the "
                + "listener, loopback (none of its programs) or none. (default: loopback there, else token)",
            valueName: "who"))
    var faasmAuth: String?

    @Flag(help: "Let web pages use Faasm's paths.") var faasmCors = false
    @Flag(help: "Show Faasm's clients what a call prints before its output.") var captureStdout = false

    @Option(
        help: ArgumentHelp(
            "Milliseconds that a call waits for one that it chained. (default: 300000)", valueName: "n"))
    var chainedCallTimeout: String?

    @Option(help: ArgumentHelp("Calls that may come of one. (default: 10000)", valueName: "n"))
    var maxChainedCalls: String?

    @Option(help: ArgumentHelp("How deep calls may chain calls. (default: 256)", valueName: "n"))
    var maxChainDepth: String?

    @Option(help: ArgumentHelp("Bytes of one value of shared state. (default: 268435456)", valueName: "n"))
    var maxStateValueBytes: String?

    /// What was given, by the names of the server's settings, which checks the values.
    var flags: [String: String] {
        let all = [
            "faasm-upload": faasmUpload, "faasm-invoke": faasmInvoke, "faasm-auth": faasmAuth,
            "faasm-cors": faasmCors ? "true" : nil, "capture-stdout": captureStdout ? "true" : nil,
            "chained-call-timeout": chainedCallTimeout, "max-chained-calls": maxChainedCalls,
            "max-chain-depth": maxChainDepth, "max-state-value-bytes": maxStateValueBytes,
        ]
        return all.compactMapValues { $0 }
    }
}
