import ArgumentParser
import Client

struct SpotReplace: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "replace", abstract: "Add a spot, then remove the given one.")

    @Argument(help: "The spot's address.") var ip: String
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome {
        .value(.string(try await client.replaceSpot(ip)))
    }
}
