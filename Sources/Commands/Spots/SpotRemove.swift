import ArgumentParser
import Client

struct SpotRemove: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a spot once its running calls have ended.")

    @Option(name: .shortAndLong, help: "The spot's address; the newest spot where none is given.") var ip: String?
    @OptionGroup var waiting: WaitOption
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome {
        try await started(try await client.removeSpot(ip), action: "remove", wait: waiting.wait, client)
    }
}
