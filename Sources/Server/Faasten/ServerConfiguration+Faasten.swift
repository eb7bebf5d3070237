import Labels
import Platform

extension ServerConfiguration {
    static let faastenSettings: [Setting] = [
        Setting(name: "oidc-issuer", help: "The issuer of an OpenID Connect provider that users sign in with.") {
            configuration, value throws(Refused) in
            guard let url = CallbackURL(value),
                value.hasPrefix("https://") || value.hasPrefix("http://") && isLoopback(url.host)
            else { throw Refused(message: "must be an https address, but is `\(value)`") }
            configuration.faasten.issuer = value
        },
        Setting(name: "oidc-client-id", help: "What the provider knows this server as.") {
            configuration, value throws(Refused) in
            guard !value.isEmpty else { throw Refused(message: "must not be empty") }
            configuration.faasten.clientID = value
        },
        Setting(name: "oidc-client-secret-file", help: "A file of yours with the secret that the provider gave.") {
            configuration, value throws(Refused) in
            guard !value.isEmpty else { throw Refused(message: "must be the path of a file") }
            configuration.faasten.clientSecretFile = value
        },
        Setting(name: "oidc-name", help: "What the principals of the provider's users begin with: NAME/USER.") {
            configuration, value throws(Refused) in
            let isName =
                (1...64).contains(value.utf8.count)
                && value.utf8.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                        UInt8(ascii: "-"):
                        true
                    default: false
                    }
                }
            guard isName, value != Principal.operatorName else {
                throw Refused(message: "must be 1 to 64 of a-z, 0-9 and -, and not `\(Principal.operatorName)`")
            }
            configuration.faasten.providerName = value
        },
        Setting(name: "oidc-claim", help: "The claim that says who a user is.") {
            configuration, value throws(Refused) in
            guard ["sub", "preferred_username", "email"].contains(value) else {
                throw Refused(message: "must be sub, preferred_username or email")
            }
            configuration.faasten.claim = value
        },
        Setting(name: "sign-in-days", help: "Days that the token of somebody who signs in is good.") {
            configuration, value throws(Refused) in
            configuration.faasten.signInDays = try number(value, 1...3650)
        },
        Setting(
            name: "sign-in-openers", help: "Origins of web pages that users may sign in from, divided by commas."
        ) { configuration, value throws(Refused) in
            configuration.faasten.openers = try value.split(separator: ",").map { text throws(Refused) in
                let text = String(text.filter { $0 != " " })
                guard let url = CallbackURL(text), !text.dropFirst("https://".count).contains("/"), !url.host.isEmpty
                else { throw Refused(message: "`\(text)` is no origin such as https://example.org") }
                return text
            }
        },
        Setting(name: "max-upload-bytes", help: "Bytes of a request with files for a gate.") {
            configuration, value throws(Refused) in
            configuration.faasten.maximumUploadBytes = try number(value, 1024...(1 << 40))
        },
        Setting(name: "owner-quota-bytes", help: "Bytes that each owner may keep in labelled files.") {
            configuration, value throws(Refused) in
            configuration.faasten.maximumBytesPerOwner = try number(value, 1024...(1 << 50))
        },
        Setting(name: "gate-result-seconds", help: "How long answers of asynchronous calls of gates are kept.") {
            configuration, value throws(Refused) in
            configuration.faasten.resultSeconds = try number(value, 1...(30 * 86_400))
        },
    ]
}
