import ArgumentParser
import Client

struct TokenCreate: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a token and print it. It is shown this once.",
        discussion: """
            Prints the token alone, so that `TOKEN=$(swiftlet tokens create ci --scope deploy)` works; with --json all that \
            is known about it.
            """)

    @Argument(help: "What to call it.") var name: String
    @OptionGroup var grant: GrantOptions

    @Option(
        help: ArgumentHelp(
            "Whom it acts as on labelled objects, such as `alice/app`. It needs no scope for that.",
            valueName: "component"))
    var principal: String?

    @Option(
        help: ArgumentHelp("How long it is valid: a number with s, m, h or d. (default: for ever)", valueName: "time"))
    var expiresIn: Lifetime?

    @Option(help: ArgumentHelp("Requests that it allows in a minute. (default: any number)", valueName: "n"))
    var ratePerMinute: Int?

    @Option(help: ArgumentHelp("Bytes of a request's body. (default: what the server allows)", valueName: "n"))
    var maxBodyBytes: Int?

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard !grant.scope.isEmpty || principal != nil else {
            throw ValidationError("Give at least one --scope: read, run, deploy or admin; or --principal.")
        }
    }

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome {
        let token = try await client.createToken(
            name, grant.grant, principal: principal, expiresInSeconds: expiresIn?.seconds, ratePerMinute: ratePerMinute,
            maximumBodyBytes: maxBodyBytes)
        guard let secret = token["token"]?.string else { throw .local("The server's answer has no token.") }
        return .text(secret, json: token)
    }
}

/// A span such as `90s`, `15m`, `12h` or `30d`; a number alone is seconds.
struct Lifetime: ExpressibleByArgument, Equatable {
    var seconds: Int

    init?(argument: String) {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        let unit = argument.last.flatMap { units[$0] }
        guard let number = Int(unit == nil ? argument[...] : argument.dropLast()), number > 0, number < 1 << 40 else {
            return nil
        }
        seconds = number * (unit ?? 1)
    }
}
