import ArgumentParser
import Client

struct ProfileCreate: LocalCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Add a profile. The first one becomes the active one.")

    @Option(help: "The profile's name.") var name = "default"
    @OptionGroup var settings: ProfileSettings
    @Flag(help: "Update the profile if it exists.") var updateIfExist = false
    @Flag(help: "Make it the active profile.") var setAsActiveProfile = false
    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard !name.isEmpty else { throw ValidationError("--name must not be empty.") }
    }

    func perform() throws(ClientError) -> Outcome {
        var file = try ProfileFile.load()
        let existing = file[name]
        if existing != nil, !updateIfExist {
            throw .local(
                """
                Command invalid. Profile `\(name)` already exists.
                Use --update-if-exist if you wish to update it.
                """)
        }
        file.set((existing ?? Profile()).updated(with: settings.profile), for: name)
        if setAsActiveProfile { file.activate(name) }
        try file.save()
        return .message(existing == nil ? "Profile created: \(name)" : "Profile `\(name)` updated successfully")
    }
}
