import ArgumentParser
import Client

struct ExecutionGet: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Show an execution, or with --wait its result.")

    @Argument(help: "The execution's id.") var uuid: String
    @OptionGroup var waiting: WaitOption
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome {
        if waiting.wait { return try await wait(for: uuid, action: "get", client) }
        return .value(try await client.execution(uuid))
    }
}
