import ArgumentParser
import Client

struct ExecutionCancel: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Stop an execution. One that has ended stays as it is.")

    @Argument(help: "The execution's id.") var uuid: String
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome {
        .value(try await client.cancelExecution(uuid))
    }
}
