import ArgumentParser
import Model

let versionText = Product.version

/// `fas`: the command line of FaaSpot.
struct FasCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fas",
        abstract: "Create, run and look after Python functions.",
        discussion: """
            Without any profile, `fas` talks to the server on this machine. `fas profiles create` adds other servers.
            """,
        version: "fas \(versionText)",
        subcommands: [
            FunctionsCommand.self, ExecutionsCommand.self, DeadLettersCommand.self, SpotsCommand.self,
            ProfilesCommand.self,
        ])
}
