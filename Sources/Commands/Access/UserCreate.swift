import ArgumentParser
import Client

struct UserCreate: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Make a user.")

    @Argument(help: "The user's name.") var name: String
    @OptionGroup var password: PasswordOption
    @OptionGroup var grant: GrantOptions
    @OptionGroup var rates: RateOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard !grant.scope.isEmpty else {
            throw ValidationError("Give at least one --scope: read, run, deploy or admin.")
        }
        guard password.password != nil || password.passwordFile != nil else {
            throw ValidationError("Give --password-file FILE (`-` for standard input) or --password.")
        }
    }

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome {
        let user = try await client.createUser(
            name, password: try password.value() ?? "", grant.grant, ratePerMinute: rates.rate,
            maximumBodyBytes: rates.maxBodyBytes)
        return .text("User `\(name)` created", json: user)
    }
}
