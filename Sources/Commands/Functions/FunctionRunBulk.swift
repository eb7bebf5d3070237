import ArgumentParser
import Client

struct FunctionRunBulk: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "run_bulk", abstract: "Run a function several times with one request.",
        discussion: """
            Prints the ids of the executions, in the order of the parameters; on standard error, the id of the batch, of which \
            `fas executions batch` tells how far it is.
            """)

    @Argument(help: "The function's name.") var name: String

    @Option(
        name: [.customShort("p"), .customLong("parameters")],
        help: ArgumentHelp("The arguments of one run: \"k=v, k2=v2\". Once for each run.", valueName: "k=v"))
    var parameters: [String]

    @OptionGroup(title: "Queueing") var queueing: QueueOptions
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome {
        let arguments = try parameters.map { text throws(ClientError) in JSON(strings: try Parameters.parse(text)) }
        let (ids, batch) = try await client.runInBulk(name, arguments, queueing.value)
        if let batch { Console.error("Batch: \(batch)") }
        return .value(.array(ids))
    }
}
