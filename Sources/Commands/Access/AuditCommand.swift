import ArgumentParser
import Client

struct AuditCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Show who changed functions, spots, tokens, users and keys, newest first.")

    @Option(help: ArgumentHelp("How many entries to show, 1 to 1000.", valueName: "n")) var limit = 50
    @Option(help: ArgumentHelp("Show those before the entry of this id.", valueName: "id")) var before: String?
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome {
        let entries = try await client.auditEntries(limit: limit, before: before)
        let columns = ["time", "actor", "action", "subject", "detail"]
        let next = entries.count == limit ? entries.last?["id"]?.string : nil
        return .page(Table(title: "Audit:", columns: columns, items: entries), .array(entries), next: next)
    }
}
