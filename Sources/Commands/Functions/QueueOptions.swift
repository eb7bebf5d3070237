import ArgumentParser
import Client

/// How queued runs are to be treated.
struct QueueOptions: ParsableArguments {
    @Option(help: "The same key with the same arguments gives the same execution, for a day.")
    var idempotencyKey: String?

    @Option(help: "Start no sooner than after so many seconds.") var delay: Double?

    @Option(help: "From -100 to 100: the higher, the sooner.") var priority: Int?

    @Option(help: "Do not start any more after so many seconds.") var maxAge: Double?

    @Option(help: "Where to send the execution once it has ended.") var callbackURL: String?

    var value: RunOptions {
        RunOptions(
            idempotencyKey: idempotencyKey, delay: delay, priority: priority, maximumAge: maxAge,
            callbackURL: callbackURL)
    }
}

/// How queued runs of a function are tried again, and how many run at one time.
struct PolicyOptions: ParsableArguments {
    @Option(help: "How often a queued run is tried at most.") var attempts: Int?

    @Option(help: "The pause before the second attempt; it doubles from attempt to attempt.") var backoffMs: Int?

    @Option(help: "The longest such pause.") var backoffMaxMs: Int?

    @Option(help: "Try again after: error, timeout, crash. May repeat.") var retryOn: [RetryCause] = []

    @Option(help: "How many queued runs of the function run at one time.") var concurrency: Int?

    enum RetryCause: String, ExpressibleByArgument, CaseIterable { case error, timeout, crash }

    var value: FunctionPolicy {
        FunctionPolicy(
            attempts: attempts, backoffMilliseconds: backoffMs, longestBackoffMilliseconds: backoffMaxMs,
            retryOn: retryOn.map(\.rawValue), concurrency: concurrency)
    }
}
