import ArgumentParser

/// How long a server keeps what it did, and whom it tells.
struct ServerKeeping: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Days that ended executions are kept; dead letters four times as long. (default: 30)", valueName: "n"))
    var keepDays: String?

    @Option(
        help: ArgumentHelp("Ended executions that are kept; the oldest go first. (default: 1000000)", valueName: "n"))
    var keepExecutions: String?

    @Option(
        help: ArgumentHelp("How long an idempotency key stands for its executions. (default: 24)", valueName: "hours"))
    var idempotencyHours: String?

    @Option(help: ArgumentHelp("How often it is tried to deliver a callback. (default: 6)", valueName: "n"))
    var callbackAttempts: String?

    @Flag(help: "Let callbacks go to addresses that are not public, such as ones of this machine.")
    var allowPrivateCallbacks = false

    /// What was given, by the names of the server's settings, which checks the values.
    var flags: [String: String] {
        let all = [
            "keep-days": keepDays, "keep-executions": keepExecutions, "idempotency-hours": idempotencyHours,
            "callback-attempts": callbackAttempts, "allow-private-callbacks": allowPrivateCallbacks ? "true" : nil,
        ]
        return all.compactMapValues { $0 }
    }
}
