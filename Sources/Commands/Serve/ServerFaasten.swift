import ArgumentParser

/// What a server is set to for Faasten's users.
struct ServerFaasten: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The issuer of an OpenID Connect provider that users sign in with. (default: they sign in here)",
            valueName: "url"))
    var oidcIssuer: String?

    @Option(help: ArgumentHelp("What the provider knows this server as.", valueName: "id")) var oidcClientId: String?

    @Option(help: ArgumentHelp("A file of yours with the secret that the provider gave.", valueName: "file"))
    var oidcClientSecretFile: String?

    @Option(help: ArgumentHelp("What the principals of the provider's users begin with: NAME/USER.", valueName: "name"))
    var oidcName: String?

    @Option(
        help: ArgumentHelp(
            "The claim that says who a user is: sub, preferred_username or email. (default: sub)", valueName: "claim"))
    var oidcClaim: String?

    @Option(help: ArgumentHelp("Days that the token of somebody who signs in is good. (default: 30)", valueName: "n"))
    var signInDays: String?

    @Option(
        help: ArgumentHelp(
            "Origins of web pages that users may sign in from, divided by commas. (default: none)", valueName: "list"))
    var signInOpeners: String?

    @Option(help: ArgumentHelp("Bytes of a request with files for a gate. (default: 1073741824)", valueName: "n"))
    var maxUploadBytes: String?

    @Option(
        help: ArgumentHelp("Bytes that each owner may keep in labelled files. (default: 10737418240)", valueName: "n"))
    var ownerQuotaBytes: String?

    @Option(
        help: ArgumentHelp(
            "How long answers of asynchronous calls of gates are kept. (default: 3600)", valueName: "seconds"))
    var gateResultSeconds: String?

    /// What was given, by the names of the server's settings, which checks the values.
    var flags: [String: String] {
        let all = [
            "oidc-issuer": oidcIssuer, "oidc-client-id": oidcClientId, "oidc-client-secret-file": oidcClientSecretFile,
            "oidc-name": oidcName, "oidc-claim": oidcClaim, "sign-in-days": signInDays,
            "sign-in-openers": signInOpeners, "max-upload-bytes": maxUploadBytes, "owner-quota-bytes": ownerQuotaBytes,
            "gate-result-seconds": gateResultSeconds,
        ]
        return all.compactMapValues { $0 }
    }
}
