import ArgumentParser
import Client

struct ProfileGet: LocalCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Show a profile with its token and password.")

    @Argument(help: "The profile's name.") var name: String
    @OptionGroup var common: CommonOptions

    func perform() throws(ClientError) -> Outcome {
        let profile = try ProfileFile.load().existing(name)
        return .value(.object([.init(name, profile.json(revealingSecrets: true))]))
    }
}
