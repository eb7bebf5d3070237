import ArgumentParser
import Client

struct FunctionList: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the functions.")

    @OptionGroup var common: CommonOptions

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome {
        let functions = try await client.functions()
        let table = Table(title: "Functions:", columns: ["name", "requirements", "runner_url"], items: functions)
        return .table(table, .array(functions))
    }
}
