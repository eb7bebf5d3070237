import ArgumentParser
import Client

struct FaasmFunctionList: FaasmClientCommand {
    static let configuration = CommandConfiguration(commandName: "func.list", abstract: "List the functions of a user.")

    @Argument(help: "The user.") var user = "python"
    @OptionGroup var place: FaasmPlace
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaasmClient) async throws(ClientError) -> (Outcome, Int32) {
        let names = try await client.functions(of: user)
        return (.text(names.joined(separator: "\n"), json: .array(names.map { .string($0) })), 0)
    }
}

struct FaasmFunctionDelete: FaasmClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "func.delete", abstract: "Delete a function with all its versions.")

    @Argument(help: "The user.") var user: String
    @Argument(help: "The function's name.") var function: String
    @OptionGroup var place: FaasmPlace
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaasmClient) async throws(ClientError) -> (Outcome, Int32) {
        try await client.delete(user, function)
        return (.message("Function \(user)/\(function) is deleted."), 0)
    }
}

struct FaasmStatus: FaasmClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show where calls run, and how many can at one time.")

    @OptionGroup var place: FaasmPlace
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaasmClient) async throws(ClientError) -> (Outcome, Int32) {
        let hosts = try await client.hosts()
        return (.table(Table(title: "Hosts", columns: ["ip", "slots", "usedSlots"], items: hosts), .array(hosts)), 0)
    }
}

/// Waits for an upload server; the one command that asks again and again, for nobody is there to tell it.
struct FaasmWait: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait", abstract: "Wait until an upload server answers `PONG`.")

    @Argument(help: "Its host.") var host = "localhost"
    @Argument(help: "Its port.") var port = 8002
    @Option(help: "Give up after so many seconds.") var seconds = 60
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let connection = Connection(transport: "http", host: host, port: port, origin: "the command line")
        let end = ContinuousClock.now + .seconds(seconds)
        while true {
            let isUp = try await FaaspotClient.with(connection) { await FaasmClient($0).answersPing() }
            if isUp { return Outcome.message("\(host):\(port) is ready.").print(asJSON: common.json) }
            guard ContinuousClock.now < end else {
                throw Failure.report(.local("Nothing answered at \(host):\(port) for \(seconds) s."), common)
            }
            try await Task.sleep(for: .milliseconds(200))
        }
    }
}
