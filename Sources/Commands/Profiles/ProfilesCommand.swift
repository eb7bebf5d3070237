import ArgumentParser

struct ProfilesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profiles",
        abstract: "Say which server to talk to, and with which token.",
        subcommands: [
            ProfileList.self, ProfileGet.self, ProfileUse.self, ProfileCurrent.self, ProfileCreate.self,
            ProfileUpdate.self, ProfileDelete.self,
        ])
}
