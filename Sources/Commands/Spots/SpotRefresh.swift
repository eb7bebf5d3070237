import ArgumentParser
import Client

struct SpotRefresh: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "refresh_ip", abstract: "Give a spot, or all spots, a new address.")

    @Option(name: .shortAndLong, help: "The spot's address; all spots where none is given.") var ip: String?
    @OptionGroup var waiting: WaitOption
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome {
        try await started(try await client.refreshSpot(ip), action: "refresh_ip", wait: waiting.wait, client)
    }
}
