import ArgumentParser
import Client

struct TokenRevoke: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "End a token's life, at once.",
        discussion: "Where it is the administrator's in the data folder, the next start of the server makes a new one.")

    @Argument(help: "The token's id; `swiftlet tokens list` shows it.") var id: String
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome {
        let answer = try await client.revokeToken(id)
        return .text("Token `\(id)` revoked", json: answer)
    }
}
