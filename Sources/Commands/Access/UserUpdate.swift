import ArgumentParser
import Client

struct UserUpdate: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change a user's password, scopes, functions or bounds, at once.")

    @Argument(help: "The user's name.") var name: String
    @OptionGroup var password: PasswordOption
    @OptionGroup var grant: GrantOptions
    @OptionGroup var rates: RateOptions
    @Flag(help: "Take the bounds to functions away.") var allFunctions = false
    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard !allFunctions || grant.function.isEmpty else {
            throw ValidationError("Give --function or --all-functions, not both.")
        }
    }

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome {
        let (password, grant) = (try password.value(), grant.grant)
        let isBounded = rates.rate != nil || rates.maxBodyBytes != nil
        guard password != nil || grant != AccessGrant() || allFunctions || isBounded else {
            throw .local("No action requested.")
        }
        let user = try await client.updateUser(
            name, password: password, grant, isUnbound: allFunctions, ratePerMinute: rates.rate,
            maximumBodyBytes: rates.maxBodyBytes)
        return .text("User `\(name)` updated", json: user)
    }
}
