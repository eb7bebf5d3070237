import ArgumentParser
import Client

struct ProfileUse: LocalCommand {
    static let configuration = CommandConfiguration(commandName: "use", abstract: "Make a profile the active one.")

    @Argument(help: "The profile's name.") var name: String
    @OptionGroup var common: CommonOptions

    func perform() throws(ClientError) -> Outcome {
        var file = try ProfileFile.load()
        guard try file.existing(name).hasCredentials else {
            throw .local(
                """
                Profile `\(name)` has neither a token nor a user and password.
                Add one with `fas profiles update \(name) --token TOKEN`.
                """)
        }
        file.activate(name)
        try file.save()
        return .message("Current profile: \(name)")
    }
}
