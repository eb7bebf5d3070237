import ArgumentParser
import Client

struct FunctionCreate: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create a function from a Python file that defines `main(args, context)`, or from a package.")

    @Argument(help: "The new function's name: letters, digits, `-`, `_` and `.`.") var name: String

    @Option(
        name: .shortAndLong, help: "The Python file; or a folder, zip, tar or SquashFS archive with a `main.py`.",
        completion: .file())
    var file: String

    @Option(name: .shortAndLong, help: "A file of secrets, a line `KEY=Value` each.", completion: .file())
    var contextFile: String?

    @Option(name: .shortAndLong, help: "A file of requirements in pip's format.", completion: .file())
    var requirementsFile: String?

    @OptionGroup(title: "Queued runs") var policy: PolicyOptions
    @OptionGroup var waiting: WaitOption
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome {
        let code = try CodeFile.read(file)
        let id = try await client.createFunction(
            name, code: code.source, package: code.package, context: try contextFile.map(SourceFile.read),
            requirements: try requirementsFile.map(SourceFile.read), policy: policy.value)
        return try await started(id, action: "create", wait: waiting.wait, client)
    }
}
