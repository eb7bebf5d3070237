import ArgumentParser
import Client

struct SpotUpdate: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Set how many workers every spot has.")

    @Option(help: "Workers kept ready, at least 1.") var min: Int
    @Option(help: "Workers at most.") var max: Int
    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard 1 <= min, min <= max else {
            throw ValidationError("--min must be at least 1, and --max no less than --min.")
        }
    }

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome {
        .value(try await client.setWorkers(minimum: min, maximum: max))
    }
}
