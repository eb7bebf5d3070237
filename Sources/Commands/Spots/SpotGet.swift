import ArgumentParser
import Client

struct SpotGet: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "get", abstract: "Show a spot.")

    @Argument(help: "The spot's address.") var ip: String
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome {
        .value(try await client.spot(ip))
    }
}
