import ArgumentParser
import Client

struct FstnInvoke: FstnAction {
    static let configuration = CommandConfiguration(
        commandName: "invoke", abstract: "Call the function of a gate, and print what it answers.",
        discussion: "The exit code is 1 where the function failed, too.")

    @ParentCommand var program: FstnCommand
    @Argument(help: "The path of the gate.") var gate: String
    @Argument(help: "JSON for the function. (default: what is on standard input)") var payload: String?
    @Option(help: ArgumentHelp("The label that the call begins with. (default: T,T)", valueName: "label"))
    var label: String?
    @Option(
        help: ArgumentHelp("A file to send along, which the function gets by its name. May repeat.", valueName: "file"),
        completion: .file())
    var blob: [String] = []
    @Flag(name: .customLong("async"), help: "Do not wait: print the invocation's id.") var isAsynchronous = false

    func validate() throws { try LabelWords.check(label: label, "--label") }

    func perform(_ session: FstnSession) async throws {
        let bytes = payload.map { Array($0.utf8) } ?? StandardInput.read()
        var call = FaastenClient.Call(gate: gate, payload: bytes, label: label)
        call.files = try blob.map { .init(FstnFiles.name($0), try .file($0)) }
        call.isAsynchronous = isAsynchronous
        let reply = try await session.invoke("Invoking", call)
        guard isAsynchronous, reply.status == 202 else { return try await session.finish("Invoking", reply) }
        session.show("Invoking", reply)
        let json = try? JSON(parsing: try await reply.bytes())
        guard let id = json?["invocation"]?.string else {
            throw ClientError.local("The server did not tell the invocation's id.")
        }
        Console.out(program.json ? (["invocation": .string(id)] as JSON).compact : id)
    }
}

struct FstnResult: FstnAction {
    static let configuration = CommandConfiguration(
        commandName: "result", abstract: "Print what an asynchronous call answered.",
        discussion: "The exit code is 1 while it runs.")

    @ParentCommand var program: FstnCommand
    @Argument(help: "The id that `fstn invoke --async` printed.") var invocation: String
    @Flag(name: .shortAndLong, help: "Wait for the end.") var wait = false

    func perform(_ session: FstnSession) async throws {
        var pause = Duration.milliseconds(50)
        while true {
            let reply = try await session.client.invocation(invocation)
            guard reply.status == 202 else { return try await session.finish("Fetching", reply) }
            guard wait else {
                StatusLine.show("Fetching", "the call still runs")
                throw ExitCode.failure
            }
            _ = try await reply.bytes()
            try await Task.sleep(for: pause)
            pause = min(pause * 2, .seconds(2))
        }
    }
}

struct FstnLogs: FstnAction {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Show what a gate's function prints, and what was denied to it.",
        discussion: "Only what may flow to you is shown.")

    @ParentCommand var program: FstnCommand
    @Argument(help: "The path of the gate.") var gate: String
    @Flag(name: .shortAndLong, help: "Go on to show what comes.") var follow = false

    func perform(_ session: FstnSession) async throws {
        let reply = try await session.client.logs(of: gate, follow: follow)
        guard reply.isSuccess else { return try await session.finish("Reading", reply) }
        try await reply.receiveLines { (line) throws(ClientError) in
            Console.out(program.json ? line : Self.text(line))
        }
    }

    /// The time, then what was said; of anything but output, what it is.
    static func text(_ line: String) -> String {
        guard let json = try? JSON(parsing: line), let text = json["text"]?.string else { return line }
        let stream = json["stream"]?.string ?? "stdout"
        let source = stream == "stdout" ? "" : "\(stream): "
        return "\(json["time"]?.string ?? "-") \(source)\(text)"
    }
}
