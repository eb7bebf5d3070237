import ArgumentParser
import Client

struct FstnLogin: FstnAction {
    static let configuration = CommandConfiguration(
        commandName: "login", abstract: "Store a token of the server.",
        discussion: """
            Without options: prints the address of the sign-in page, and reads the token that it shows. The token is stored \
            under the user of --user, in ~/.config/fstn/credentials, once the server has accepted it.
            """)

    @ParentCommand var program: FstnCommand
    @Option(help: ArgumentHelp("Sign this local user in, with a password.", valueName: "name")) var name: String?
    @Flag(help: "Read the password from the first line of standard input; else it is asked for.")
    var passwordStdin = false

    func validate() throws {
        guard name != nil || !passwordStdin else { throw ValidationError("--password-stdin needs --name.") }
    }

    func run() async throws {
        try await FstnFailure.reporting {
            var account = try program.account()
            account.token = nil
            try await FaastenClient.with(try account.connection()) { client in
                try await perform(FstnSession(client: client, account: account))
            }
        }
    }

    func perform(_ session: FstnSession) async throws {
        let token = if let name { try await signIn(name, session) } else { try pasted(session) }
        let reply = try await session.client.acting(with: token).me()
        guard reply.status == 200 else { return try await session.finish("Signing in", reply) }
        let me = try? JSON(parsing: try await reply.bytes())
        var logins = try FaastenLogins()
        try logins.save(token, of: session.account.user, at: session.account.server)
        let login = me?["login"]?.string ?? "somebody"
        StatusLine.show("Signed in", "as \(login), stored as user \(session.account.user) in \(logins.path)")
        guard program.json else { return }
        Console.out(
            ([
                "login": .string(login), "server": .string(session.account.server),
                "user": .string(session.account.user),
            ] as JSON).compact)
    }

    private func signIn(_ name: String, _ session: FstnSession) async throws -> String {
        guard passwordStdin || StandardInput.isTerminal else {
            throw ClientError.local("Give the password with --password-stdin.")
        }
        let password =
            passwordStdin ? readLine() ?? "" : StandardInput.secretLine("Password of \(name): ") ?? ""
        guard !password.isEmpty else { throw ClientError.local("There is no password in the first line.") }
        let reply = try await session.client.login(name: name, password: password)
        guard reply.status == 200, let token = try JSON(parsing: try await reply.bytes())["token"]?.string else {
            StatusLine.show("Signing in", FstnSession.status(of: reply))
            throw ClientError.local("The name or the password is wrong.")
        }
        return token
    }

    private func pasted(_ session: FstnSession) throws -> String {
        // A program reads standard output.
        (program.json ? Console.error : Console.out)("\(session.account.server)/login")
        if StandardInput.isTerminal { Console.progress("Paste the token that this page shows: ") }
        let token = (readLine() ?? "").filter { !$0.isWhitespace }
        guard !token.isEmpty else { throw ClientError.local("No token was given.") }
        return token
    }
}

struct FstnWhoami: FstnAction {
    static let configuration = CommandConfiguration(
        commandName: "whoami", abstract: "Show who the token is for.")

    @ParentCommand var program: FstnCommand

    func perform(_ session: FstnSession) async throws {
        try await session.finish("Asking", try await session.client.me())
    }
}

struct FstnDelegate: FstnAction {
    static let configuration = CommandConfiguration(
        commandName: "delegate", abstract: "Print a token of part of your privilege, such as alice/app.",
        discussion: "The token ends after ten minutes. Your own privilege refreshes your token.")

    @ParentCommand var program: FstnCommand
    @Argument(help: "What the token's holder can do: a component that yours implies.") var privilege: String
    @Flag(name: .shortAndLong, help: "Store the token under the user PRIVILEGE.") var save = false
    @Flag(name: .shortAndLong, help: "Make the gate fsutil in the home of PRIVILEGE.") var bootstrap = false
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Who may call that gate. (default: PRIVILEGE)", valueName: "component"))
    var clearance: String?

    func validate() throws {
        guard clearance == nil || bootstrap else { throw ValidationError("--clearance needs --bootstrap.") }
        try LabelWords.check(component: privilege, "PRIVILEGE")
        try LabelWords.check(component: clearance, "--clearance")
    }

    func perform(_ session: FstnSession) async throws {
        let reply = try await session.client.delegate(privilege, bootstrap: bootstrap, clearance: clearance)
        guard reply.isSuccess else { return try await session.finish("Delegating", reply) }
        let token = String(decoding: try await reply.bytes(), as: UTF8.self).filter { !$0.isWhitespace }
        session.show("Delegating", reply)
        Console.out(program.json ? (["token": .string(token)] as JSON).compact : token)
        guard save else { return }
        var logins = try FaastenLogins()
        try logins.save(token, of: privilege, at: session.account.server)
        StatusLine.show("Stored", "as user \(privilege)")
    }
}
