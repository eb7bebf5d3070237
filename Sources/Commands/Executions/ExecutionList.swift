import ArgumentParser
import Client

struct ExecutionList: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the executions that have not ended yet.")

    @Flag(name: [.customShort("i"), .customLong("include_completed")], help: "List those that have ended, too.")
    var includeCompleted = false

    @Option(name: .shortAndLong, help: "List those of one function only.") var deployment: String?

    @Option(help: "List those with a status: Pending, Started, Success, Failure, Cancelled. May repeat.")
    var status: [String] = []

    @Option(help: "List those created after a time, such as 2026-01-31T12:00:00Z.") var since: String?

    @Option(help: "List those created before a time.") var until: String?

    @Option(help: "How many to list.") var limit: Int?

    @Option(help: "List those that are older than the execution with this id: the next page.") var before: String?

    @OptionGroup var common: CommonOptions

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome {
        let (executions, next) = try await client.executions(
            ExecutionQuery(
                includesCompleted: includeCompleted, function: deployment, statuses: status, createdAfter: since,
                createdBefore: until, limit: limit, before: before))
        let columns = ["name", "status", "output", "uuid", "created"]
        let table = Table(title: "Executions:", columns: columns, items: executions)
        return .page(table, .array(executions), next: next)
    }
}
