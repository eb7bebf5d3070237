import ArgumentParser

/// How much a server takes on.
struct ServerCapacity: ParsableArguments {
    @Option(name: .customLong("public-url"), help: "The address that users reach the server under, where a proxy stands before it.") var publicURL: String?
    @Option(help: "Worker processes.") var workers: String?
    @Option(help: "Calls that one worker computes at one time. (default: as many as there are processors)")
    var threads: String?
    @Option(help: "Calls that may wait for a sandbox.") var queueLimit: String?
    @Option(help: "Asynchronous calls that run at one time.") var asyncConcurrency: String?
    @Option(help: "Bytes of a request's body.") var maxBodyBytes: String?
    @Option(help: "How long running calls may go on after a stop was asked for.") var drainSeconds: String?
    @Option(help: "trace, debug, info, notice, warning, error or critical.") var logLevel: String?

    /// What was given, by the names of the server's settings, which checks the values.
    var flags: [String: String] {
        let all = [
            "public-url": publicURL, "workers": workers, "threads": threads, "queue-limit": queueLimit,
            "async-concurrency": asyncConcurrency, "max-body-bytes": maxBodyBytes, "drain-seconds": drainSeconds,
            "log-level": logLevel,
        ]
        return all.compactMapValues { $0 }
    }
}
