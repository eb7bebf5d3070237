import ArgumentParser

/// How much a server takes on.
struct ServerCapacity: ParsableArguments {
    @Option(
        name: .customLong("public-url"),
        help: ArgumentHelp(
            "The address that users reach the server under, where a proxy stands before it.", valueName: "url"))
    var publicURL: String?

    @Option(
        help: ArgumentHelp(
            "Spots (worker processes) that the first start makes; later, see `fas spots`. (default: 1)", valueName: "n")
    )
    var workers: String?

    @Option(
        help: ArgumentHelp(
            "Calls that each of those computes at one time. (default: as many as there are processors)", valueName: "n")
    )
    var threads: String?

    @Option(help: ArgumentHelp("Calls that may wait for a sandbox.", valueName: "n")) var queueLimit: String?
    @Option(help: ArgumentHelp("Asynchronous calls that run at one time.", valueName: "n")) var asyncConcurrency:
        String?
    @Option(help: ArgumentHelp("Bytes of a request's body.", valueName: "n")) var maxBodyBytes: String?

    @Option(help: ArgumentHelp("How long running calls may go on after a stop was asked for.", valueName: "n"))
    var drainSeconds: String?

    @Option(
        help: ArgumentHelp(
            "A file of yours with the key that contexts are encrypted with: 32 bytes in hexadecimal digits or base64. "
                + "(default: the server keeps its own)", valueName: "file"), completion: .file())
    var contextKeyFile: String?

    @Option(help: ArgumentHelp("trace, debug, info, notice, warning, error or critical.", valueName: "level"))
    var logLevel: String?

    /// What was given, by the names of the server's settings, which checks the values.
    var flags: [String: String] {
        let all = [
            "public-url": publicURL, "workers": workers, "threads": threads, "queue-limit": queueLimit,
            "async-concurrency": asyncConcurrency, "max-body-bytes": maxBodyBytes, "drain-seconds": drainSeconds,
            "context-key-file": contextKeyFile, "log-level": logLevel,
        ]
        return all.compactMapValues { $0 }
    }
}
