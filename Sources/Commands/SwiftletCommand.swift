import ArgumentParser

/// `swiftlet`: the server, and everything that `fas` offers.
struct SwiftletCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "swiftlet",
        abstract: "Run Python functions, every call in a fresh WebAssembly sandbox.",
        discussion: "The client commands are also those of the program `fas`, which is this one under another name.",
        version: "swiftlet \(versionText)",
        subcommands: [
            ServeCommand.self, DoctorCommand.self, VersionCommand.self, WorkerCommand.self,
            CompileInterpreterCommand.self, CompileFunctionCommand.self,
        ],
        groupedSubcommands: [
            CommandGroup(
                name: "Administration",
                subcommands: [TokensCommand.self, UsersCommand.self, AuditCommand.self, KeysCommand.self]),
            CommandGroup(
                name: "Faasm",
                subcommands: [
                    FaasmCommand.self, FaasmUpload.self, FaasmInvoke.self, StateCommand.self, FaasmCodegen.self,
                ]),
            CommandGroup(
                name: "Faasten", subcommands: [FaastenCommand.self, FilesCommand.self, LabelsCommand.self]),
            CommandGroup(
                name: "Client",
                subcommands: [
                    FunctionsCommand.self, ExecutionsCommand.self, DeadLettersCommand.self, SpotsCommand.self,
                    ProfilesCommand.self,
                ]),
        ])
}
