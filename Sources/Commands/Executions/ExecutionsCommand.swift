import ArgumentParser

struct ExecutionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "executions",
        abstract: "See and cancel what runs and ran.",
        subcommands: [
            ExecutionList.self, ExecutionGet.self, ExecutionGetBulk.self, ExecutionCancel.self, ExecutionLogs.self,
            ExecutionBatch.self, ExecutionGraph.self,
        ])
}
