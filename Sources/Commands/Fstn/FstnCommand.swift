import ArgumentParser
import Client
import Model

/// `fstn`: the command line of Faasten.
struct FstnCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fstn",
        abstract: "Register and call Faasten functions, and look after the labelled files that they work on.",
        discussion: """
            The server is that of --server, else of $FSTN_SERVER, else of `server` in the file of credentials, else the one on \
            this machine. The user is that of --user, else of $FSTN_USER, else `default`: a name for a token that `fstn login` \
            stored. Without one, and on the machine of a server of yours, you are its operator `faasten`.

            The exit code is 1 where the server, an operation or a function failed, and 2 for wrong usage.
            """,
        version: "fstn \(versionText)",
        groupedSubcommands: [
            CommandGroup(
                name: "Functions",
                subcommands: [
                    FstnRegister.self, FstnInvoke.self, FstnResult.self, FstnLogs.self, FstnBuild.self,
                    FstnRunLocal.self,
                ]),
            CommandGroup(
                name: "Files", subcommands: [FstnPutBlob.self, FstnListDir.self, FstnListFaceted.self, FstnFs.self]),
            CommandGroup(
                name: "Accounts",
                subcommands: [
                    FstnLogin.self, FstnWhoami.self, FstnDelegate.self, FstnPing.self, FstnPingScheduler.self,
                ]),
        ])

    @Option(name: .shortAndLong, help: ArgumentHelp("The server's address.", valueName: "url")) var server: String?
    @Option(name: .shortAndLong, help: ArgumentHelp("Whose token to use.", valueName: "name")) var user: String?
    @Flag(help: "Print JSON where a command prints something else.") var json = false

    func account() throws(ClientError) -> FaastenAccount {
        try FaastenAccount.resolve(server: server, user: user)
    }
}
