import ArgumentParser
import Client
import Glibc
import Kernel

struct FstnRunLocal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run-local", abstract: "Run a function on this machine, without a server of yours.",
        discussion: """
            Each line of standard input is JSON for the function, as another function would send it; each answer is a line. \
            Labelled files begin empty and are gone in the end. What the function prints goes to standard error.
            """)

    @Argument(
        help: "A directory with workload.py, one file of Python, a zip, tar or SquashFS image.", completion: .file())
    var source: String
    @Option(help: ArgumentHelp("Who runs it: its privilege, and whose home is `~`.", valueName: "component"))
    var login = FaastenAccount.usualUser
    @Option(help: ArgumentHelp("The label that calls begin with. (default: T,T)", valueName: "label"))
    var startLabel: String?
    @Option(help: ArgumentHelp("The most memory of a call, in MB.", valueName: "MB")) var memory = 128
    @Option(help: ArgumentHelp("How `handle` is called: auto, g1 or g2.", valueName: "style"))
    var api = GateOptions.API.auto
    @OptionGroup var requirements: RequirementOptions

    func validate() throws {
        guard memory >= 1 else { throw ValidationError("--memory must be at least 1 MB.") }
        try LabelWords.check(component: login, "--login")
        try LabelWords.check(label: startLabel, "--start-label")
    }

    func run() async throws {
        try await FstnFailure.reporting {
            let package = try await FunctionPackage.read(source, requirements)
            package.report()
            let command = self
            try await PrivateServer.with { try await command.serve(package, $0) }
        }
    }

    private func serve(_ package: FunctionPackage, _ connection: Connection) async throws {
        let token = try await FaaspotClient.with(connection) { client in
            try await client.createToken("run-local", AccessGrant(), principal: login)["token"]?.string
        }
        var connection = connection
        connection.credentials = token.map { .token($0) }
        let account = FaastenAccount(
            server: connection.address, user: login, token: token, origin: .credentials)
        try await FaastenClient.with(connection) { client in
            let session = FstnSession(client: client, account: account)
            _ = try await client.delegate(login, bootstrap: true).bytes()
            try await register(package, session)
            try await answerLines(session)
        }
    }

    private static let gate = "~:run-local"

    private func register(_ package: FunctionPackage, _ session: FstnSession) async throws {
        let call = session.call(
            "create-gate",
            [
                "path": .string(Self.gate), "policy": .string("\(login),\(login)"), "memory": .number("\(memory)"),
                "runtime": "python", "settings": ["api": .string(api.rawValue), "event": "raw"],
            ], files: [.init("app_image", package.content)])
        let reply = try await session.ask("Registering", call)
        session.show("Registering", reply)
        guard reply.succeeded else { throw ExitCode.failure }
    }

    private func answerLines(_ session: FstnSession) async throws {
        var hasFailed = false
        var lastLog: String?
        while let line = await Self.nextLine() {
            guard !line.allSatisfy(\.isWhitespace) else { continue }
            let reply = try await session.invoke(
                "Invoking", FaastenClient.Call(gate: Self.gate, payload: Array(line.utf8), label: startLabel))
            let bytes = try await reply.bytes()
            try await showLogs(session, after: &lastLog)
            Console.out(bytes)
            if reply.status >= 400 || reply.functionFailed {
                StatusLine.show("Invoking", FstnSession.status(of: reply))
                hasFailed = true
            }
        }
        if hasFailed { throw ExitCode.failure }
    }

    /// Shows what the function printed after a line, all where that is gone. Lines tell their microsecond.
    private func showLogs(_ session: FstnSession, after last: inout String?) async throws {
        let reply = try await session.client.logs(of: Self.gate, follow: false)
        var lines: [String] = []
        try await reply.receiveLines { (line) throws(ClientError) in lines.append(line) }
        guard reply.isSuccess else { return }
        let shown = last.flatMap { lines.lastIndex(of: $0) } ?? -1
        for line in lines[(shown + 1)...] { Console.error(FstnLogs.text(line)) }
        last = lines.last
    }

    /// A line of standard input; nil at its end. The server in this process must not wait for it.
    private static func nextLine() async -> String? {
        await withCheckedContinuation { continuation in
            PlainThread.start(name: "input") { continuation.resume(returning: readLine()) }
        }
    }
}
