import ArgumentParser
import Client

/// The options that every command of the client takes.
struct CommonOptions: ParsableArguments {
    @Flag(help: "Print JSON instead of tables and messages.") var json = false

    @Flag(
        name: [.customShort("v"), .customLong("verbose")],
        help: "Tell more on standard error: -v the steps, -vv the requests, -vvv their headers too.")
    var verbose: Int
}

/// A command that needs no server: it works on files of this machine.
protocol LocalCommand: ParsableCommand {
    var common: CommonOptions { get }

    func perform() throws(ClientError) -> Outcome
}

extension LocalCommand {
    func run() throws {
        do { try perform().print(asJSON: common.json) } catch { throw Failure.report(error, common) }
    }
}

/// A command that talks to a server.
protocol ClientCommand: AsyncParsableCommand {
    var common: CommonOptions { get }

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome
}

extension ClientCommand {
    func run() async throws {
        do {
            let level = common.verbose
            let trace: FaaspotClient.Trace = { if $0.rawValue <= level { Console.error($1) } }
            let outcome = try await FaaspotClient.with(try Connection.resolve(), trace: trace) { try await perform($0) }
            outcome.print(asJSON: common.json)
        } catch let error as ClientError {
            throw Failure.report(error, common)
        }
    }

    /// Waits for an execution with a dot for each question, and gives its output; with `--json` the whole execution.
    func wait(for id: String, action: String, _ client: FaaspotClient) async throws(ClientError) -> Outcome {
        var dots = 0
        defer { if dots > 0 { Console.progress("\n") } }
        let execution = try await client.wait(for: id, action: action) {
            dots += 1
            Console.progress(".")
        }
        return common.json ? .value(execution) : .value(execution["output"] ?? .null)
    }

    /// The outcome of a call that started the execution `id`: its id, or with `--wait` what came out.
    func started(
        _ id: String, action: String, wait: Bool, _ client: FaaspotClient
    ) async throws(ClientError) -> Outcome {
        if wait { return try await self.wait(for: id, action: action, client) }
        return .text("Execution id: \(id)", json: ["uuid": .string(id)])
    }
}

/// Tells on standard error why a command failed.
enum Failure {
    static func report(_ error: ClientError, _ options: CommonOptions) -> ExitCode {
        if options.json {
            Console.error(error.json.pretty)
            return .failure
        }
        Console.error(error.report)
        // The first line of a syntax error is indented.
        if let traceback = error.serverTraceback { Console.error("\n" + traceback.withoutEnd) }
        if let hint = error.hint { Console.error("\n" + hint) }
        return .failure
    }
}
