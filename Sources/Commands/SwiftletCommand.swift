import ArgumentParser

/// `swiftlet`: the server, and everything that `fas` offers.
struct SwiftletCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "swiftlet",
        abstract: "Run Python functions, every call in a fresh WebAssembly sandbox.",
        version: "swiftlet \(versionText)",
        subcommands: [ServeCommand.self, DoctorCommand.self, VersionCommand.self, WorkerCommand.self],
        groupedSubcommands: [
            CommandGroup(
                name: "Client (also under the name `fas`)",
                subcommands: [FunctionsCommand.self, ExecutionsCommand.self, SpotsCommand.self, ProfilesCommand.self])
        ])
}
