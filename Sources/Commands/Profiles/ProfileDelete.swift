import ArgumentParser
import Client

struct ProfileDelete: LocalCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a profile. When it was the active one, none is active.")

    @Argument(help: "The profile's name.") var name: String
    @OptionGroup var common: CommonOptions

    func perform() throws(ClientError) -> Outcome {
        var file = try ProfileFile.load()
        _ = try file.existing(name)
        file.remove(name)
        try file.save()
        return .message("Profile `\(name)` deleted")
    }
}
