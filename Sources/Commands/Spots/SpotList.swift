import ArgumentParser
import Client

struct SpotList: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the spots.")

    @OptionGroup var common: CommonOptions

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome {
        let spots = try await client.spots()
        // The parser does not tell by which of its names a command was called.
        let isNodes = CommandLine.arguments.dropFirst().first == "nodes"
        let table = Table(title: isNodes ? "Nodes:" : "Spots:", columns: ["ip", "created"], items: spots)
        return .table(table, .array(spots))
    }
}
