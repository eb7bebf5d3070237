import ArgumentParser
import Client

struct ExecutionBatch: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "batch", abstract: "Show how far the runs of one `run_bulk` are.")

    @Argument(help: "The batch's id, as `run_bulk` told it.") var uuid: String
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome {
        .value(try await client.batch(uuid))
    }
}
