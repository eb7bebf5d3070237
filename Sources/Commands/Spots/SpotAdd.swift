import ArgumentParser
import Client

struct SpotAdd: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "add", abstract: "Add a spot.")

    @Option(name: .shortAndLong, help: "Accepted for older scripts; it has no effect.") var provider: String?
    @OptionGroup var waiting: WaitOption
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome {
        try await started(try await client.addSpot(provider: provider), action: "add", wait: waiting.wait, client)
    }
}
