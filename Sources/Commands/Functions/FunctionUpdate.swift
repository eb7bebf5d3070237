import ArgumentParser
import Client

struct FunctionUpdate: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change a function's code, context, requirements, name, or how queued runs are treated.")

    @Argument(help: "The function's name.") var name: String

    @Option(
        name: .shortAndLong, help: "The new Python file; or a folder, zip, tar or SquashFS archive with a `main.py`.",
        completion: .file())
    var file: String?

    @Option(name: .shortAndLong, help: "The new file of secrets; an empty file clears them.", completion: .file())
    var contextFile: String?

    @Option(name: .shortAndLong, help: "The new file of requirements in pip's format.", completion: .file())
    var requirementsFile: String?

    @Option(name: .shortAndLong, help: "The new name.") var newName: String?

    @OptionGroup(title: "Queued runs") var policy: PolicyOptions
    @OptionGroup var waiting: WaitOption
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome {
        let code = try file.map(CodeFile.read)
        let changes = FunctionChanges(
            code: code?.source, package: code?.package, context: try contextFile.map(SourceFile.read),
            requirements: try requirementsFile.map(SourceFile.read), name: newName, policy: policy.value)
        if changes.isEmpty { throw .local("No action requested.") }
        let answer = try await client.updateFunction(name, changes)
        guard waiting.wait, let id = answer["uuid"]?.string else { return .value(answer) }
        return try await wait(for: id, action: "update", client)
    }
}
