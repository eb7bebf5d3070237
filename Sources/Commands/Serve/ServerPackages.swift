import ArgumentParser

/// How a server comes by what functions require.
struct ServerPackages: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Whether requirements are installed, by pip, or may only name what is built in. (default: true)",
            valueName: "true|false"))
    var installRequirements: String?

    @Option(
        help: ArgumentHelp(
            "The Python whose pip finds and fetches requirements. (default: python3)", valueName: "python"))
    var pipPython: String?

    /// What was given, by the names of the server's settings, which checks the values.
    var flags: [String: String] {
        ["install-requirements": installRequirements, "pip-python": pipPython].compactMapValues { $0 }
    }
}
