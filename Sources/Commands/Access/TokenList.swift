import ArgumentParser
import Client

struct TokenList: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the tokens, without their secrets.")

    @OptionGroup var common: CommonOptions

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome {
        let tokens = try await client.tokens()
        let columns = [
            "id", "name", "scopes", "functions", "principal", "created", "expires", "last_used", "rate_per_minute",
        ]
        return .table(Table(title: "Tokens:", columns: columns, items: tokens), .array(tokens))
    }
}
