import ArgumentParser
import Client

struct FunctionDelete: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "delete", abstract: "Delete a function.")

    @Argument(help: "The function's name.") var name: String
    @OptionGroup var waiting: WaitOption
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome {
        let answer = try await client.deleteFunction(name)
        guard waiting.wait, let id = answer["uuid"]?.string else { return .value(answer) }
        return try await wait(for: id, action: "delete", client)
    }
}
