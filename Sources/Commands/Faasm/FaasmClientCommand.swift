import ArgumentParser
import Client

/// Where a command of Faasm's sends its requests.
struct FaasmPlace: ParsableArguments {
    @Option(help: "The server's host. (default: that of the profile, or of the server on this machine)") var host:
        String?
    @Option(help: "The server's port.") var port: Int?
    @Flag(help: .hidden) var local = false

    func connection() throws(ClientError) -> Connection {
        var connection = try Connection.resolve()
        guard host != nil || port != nil else { return connection }
        let isElsewhere = host.map { $0 != connection.host } ?? false || port.map { $0 != connection.port } ?? false
        connection.host = host ?? connection.host
        connection.port = port ?? connection.port
        if host != nil { connection.transport = "http" }
        // A token is for one server only.
        if isElsewhere { connection.credentials = nil }
        return connection
    }
}

/// A command that talks to Faasm's paths of a server.
protocol FaasmClientCommand: AsyncParsableCommand {
    var common: CommonOptions { get }
    var place: FaasmPlace { get }

    /// Returns what to print, and the exit code.
    func perform(_ client: FaasmClient) async throws(ClientError) -> (Outcome, Int32)
}

extension FaasmClientCommand {
    func run() async throws {
        let code: Int32
        do {
            let level = common.verbose
            let trace: FaaspotClient.Trace = { if $0.rawValue <= level { Console.error($1) } }
            let (outcome, ended) = try await FaaspotClient.with(try place.connection(), trace: trace) {
                try await perform(FaasmClient($0))
            }
            outcome.print(asJSON: common.json)
            code = ended
        } catch let error as ClientError { throw Failure.report(error, common) }
        // What a process can tell of a function's code.
        if code != 0 { throw ExitCode(code & 0xFF) }
    }
}
