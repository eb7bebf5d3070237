import ArgumentParser

struct FunctionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "functions",
        abstract: "Create, run and delete functions.",
        subcommands: [
            FunctionList.self, FunctionGet.self, FunctionCreate.self, FunctionUpdate.self, FunctionDelete.self,
            FunctionRun.self, FunctionRunBulk.self, FunctionSamples.self,
        ],
        aliases: ["deployments"])
}

/// The flag of commands that start an execution.
struct WaitOption: ParsableArguments {
    @Flag(name: [.customShort("w"), .customLong("wait")], help: "Wait until it has ended, and print its result.")
    var wait = false
}
