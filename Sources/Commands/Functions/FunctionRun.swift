import ArgumentParser
import Client

struct FunctionRun: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a function.",
        discussion: "Prints the id of the execution, or with --wait what the function returned.")

    @Argument(help: "The function's name.") var name: String

    @Option(
        name: [.customShort("p"), .customLong("parameters")],
        help: ArgumentHelp("The function's arguments: \"k=v, k2=v2\". May repeat.", valueName: "k=v"))
    var parameters: [String] = []

    @OptionGroup(title: "Queueing") var queueing: QueueOptions
    @OptionGroup var waiting: WaitOption
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome {
        let arguments = JSON(strings: try Parameters.object(parameters))
        if waiting.wait, queueing.value.isEmpty { return .value(try await client.runAndWait(name, arguments)) }
        let id = try await client.run(name, arguments, queueing.value)
        return waiting.wait ? try await wait(for: id, action: "run", client) : .value(.string(id))
    }
}

extension JSON {
    /// An object of strings.
    init(strings: [(name: String, value: String)]) {
        self = .object(strings.map { Member($0.name, .string($0.value)) })
    }
}
