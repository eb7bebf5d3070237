import ArgumentParser

/// Where functions may send requests to.
struct ServerOutbound: ParsableArguments {
    @Option(
        name: .customLong("allow-http"),
        help: ArgumentHelp(
            "Hosts that functions may send HTTP requests to, divided by commas: NAME, *.NAME or *, with :PORT or without. (default: none)",
            valueName: "hosts"))
    var allowHTTP: String?

    @Flag(
        name: .customLong("allow-private-http"),
        help: "Let these requests go to addresses that are not public, such as ones of this machine.")
    var allowPrivateHTTP = false

    /// What was given, by the names of the server's settings, which checks the values.
    var flags: [String: String] {
        ["allow-http": allowHTTP, "allow-private-http": allowPrivateHTTP ? "true" : nil].compactMapValues { $0 }
    }
}
