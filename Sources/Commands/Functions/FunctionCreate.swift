import ArgumentParser
import Client

struct FunctionCreate: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a function from a Python file that defines `main(args, context)`.")

    @Argument(help: "The new function's name: letters, digits, `-`, `_` and `.`.") var name: String

    @Option(name: .shortAndLong, help: "The Python file.", completion: .file()) var file: String

    @Option(name: .shortAndLong, help: "A file of secrets, a line `KEY=Value` each.", completion: .file())
    var contextFile: String?

    @Option(name: .shortAndLong, help: "A file of requirements in pip's format.", completion: .file())
    var requirementsFile: String?

    @OptionGroup(title: "Queued runs") var policy: PolicyOptions
    @OptionGroup var waiting: WaitOption
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome {
        let id = try await client.createFunction(
            name, code: try SourceFile.read(file), context: try contextFile.map(SourceFile.read),
            requirements: try requirementsFile.map(SourceFile.read), policy: policy.value)
        return try await started(id, action: "create", wait: waiting.wait, client)
    }
}
