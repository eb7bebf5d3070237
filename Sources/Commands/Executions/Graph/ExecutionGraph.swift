import ArgumentParser
import Client

struct ExecutionGraph: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph", abstract: "Show an execution with those that it chained, as a tree.")

    @Argument(help: "The execution's id.") var uuid: String
    @Option(help: ArgumentHelp("Draw it to a file, over time.", valueName: "file"), completion: .file()) var svg:
        String?
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome {
        let graph = try await client.graph(uuid)
        guard let tree = CallNode(graph) else { throw .local("The answer is no graph of calls.") }
        if let svg {
            try SourceFile.write(Array(CallDrawing(tree).svg.utf8), to: svg)
            return .text("The graph is in \(svg).", json: graph)
        }
        return .text(tree.text, json: graph)
    }
}
