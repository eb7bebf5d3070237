import ArgumentParser
import Client

struct ExecutionGetBulk: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "get_bulk", abstract: "Show several executions.")

    @Option(name: .shortAndLong, help: "The id of an execution. May repeat.") var uuid: [String]
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome {
        .value(.array(try await client.executions(uuid)))
    }
}
