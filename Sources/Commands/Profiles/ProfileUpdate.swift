import ArgumentParser
import Client

struct ProfileUpdate: LocalCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change settings of a profile; the others stay.")

    @Argument(help: "The profile's name.") var name: String
    @OptionGroup var settings: ProfileSettings
    @OptionGroup var common: CommonOptions

    func perform() throws(ClientError) -> Outcome {
        var file = try ProfileFile.load()
        file.set(try file.existing(name).updated(with: settings.profile), for: name)
        try file.save()
        return .message("Profile `\(name)` updated successfully")
    }
}
