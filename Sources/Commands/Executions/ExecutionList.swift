import ArgumentParser
import Client

struct ExecutionList: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the executions that have not ended yet.")

    @Flag(name: [.customShort("i"), .customLong("include_completed")], help: "List those that have ended, too.")
    var includeCompleted = false

    @Option(name: .shortAndLong, help: "List those of one function only.") var deployment: String?
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome {
        let executions = try await client.executions(includingCompleted: includeCompleted, of: deployment)
        let columns = ["name", "status", "output", "uuid", "created"]
        return .table(Table(title: "Executions:", columns: columns, items: executions), .array(executions))
    }
}
