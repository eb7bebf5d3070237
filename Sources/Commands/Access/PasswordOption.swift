import ArgumentParser
import Client

/// Where a user's password comes from: a command line can be seen by others on the machine.
struct PasswordOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The file with the password in its first line; `-` for standard input.", valueName: "file"),
        completion: .file())
    var passwordFile: String?

    @Option(help: ArgumentHelp("The password itself, which others on this machine may see.", valueName: "password"))
    var password: String?

    func validate() throws {
        guard passwordFile == nil || password == nil else {
            throw ValidationError("Give --password or --password-file, not both.")
        }
    }

    /// Nil where none was given.
    func value() throws(ClientError) -> String? {
        guard let passwordFile else { return password }
        let text = passwordFile == "-" ? readLine() ?? "" : try SourceFile.read(passwordFile)
        let line = text.prefix { !$0.isNewline }
        guard !line.isEmpty else { throw .local("There is no password in the first line.") }
        return String(line)
    }
}
