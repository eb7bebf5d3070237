import ArgumentParser

/// How a server treats OpenFaaS's clients.
struct ServerGateway: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A file of yours with the secret that builds are signed with; without it, builds need a login.",
            valueName: "file"))
    var payloadSecretFile: String?

    @Flag(help: "Answer /system/info without a login.") var openSystemInfo = false

    @Option(
        help: ArgumentHelp("How long the caller of /function/NAME waits at most. (default: 60)", valueName: "seconds"))
    var gatewayTimeoutSeconds: String?

    /// What was given, by the names of the server's settings, which checks the values.
    var flags: [String: String] {
        let all = [
            "payload-secret-file": payloadSecretFile, "open-system-info": openSystemInfo ? "true" : nil,
            "gateway-timeout-seconds": gatewayTimeoutSeconds,
        ]
        return all.compactMapValues { $0 }
    }
}
