import ArgumentParser
import Client

struct UserDelete: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "delete", abstract: "Delete a user, at once.")

    @Argument(help: "The user's name.") var name: String
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome {
        .text("User `\(name)` deleted", json: try await client.deleteUser(name))
    }
}
