import ArgumentParser

struct UsersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "users",
        abstract: "Make, see, change and delete users who sign in with a password.",
        subcommands: [UserCreate.self, UserList.self, UserUpdate.self, UserDelete.self])
}
