import ArgumentParser
import Client

struct ProfileList: LocalCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the profiles; the active one is marked with asterisks.")

    @Flag(name: .shortAndLong, help: "Show tokens and passwords, too.") var all = false
    @OptionGroup var common: CommonOptions

    func perform() throws(ClientError) -> Outcome {
        let file = try ProfileFile.load()
        let items = file.profiles.map { name, profile -> JSON in
            let shown = name == file.active && !common.json ? "*\(name)*" : name
            return [
                "name": .string(shown), "config": profile.json(revealingSecrets: all),
                "active": .bool(name == file.active),
            ]
        }
        return .table(Table(title: "Profiles:", columns: ["name", "config"], items: items), .array(items))
    }
}
