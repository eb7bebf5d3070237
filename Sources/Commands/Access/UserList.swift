import ArgumentParser
import Client

struct UserList: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the users.")

    @OptionGroup var common: CommonOptions

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome {
        let users = try await client.users()
        let columns = ["name", "scopes", "functions", "created", "updated", "rate_per_minute"]
        return .table(Table(title: "Users:", columns: columns, items: users), .array(users))
    }
}
