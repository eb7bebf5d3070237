import ArgumentParser
import Client

struct ProfileCurrent: LocalCommand {
    static let configuration = CommandConfiguration(
        commandName: "current", abstract: "Show the active profile with its token and password.")

    @OptionGroup var common: CommonOptions

    func perform() throws(ClientError) -> Outcome {
        let file = try ProfileFile.load()
        guard let name = file.active else { throw .local("Missing profile. Please use `fas profiles -h` command") }
        return .value(.object([.init(name, try file.existing(name).json(revealingSecrets: true))]))
    }
}
