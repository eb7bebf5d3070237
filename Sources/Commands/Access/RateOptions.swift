import ArgumentParser

/// What a user's requests are bounded by.
struct RateOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Requests that the user may make in a minute. (default: any number)", valueName: "n"))
    var rate: Int?

    @Option(help: ArgumentHelp("Bytes of a request's body. (default: what the server allows)", valueName: "n"))
    var maxBodyBytes: Int?
}
