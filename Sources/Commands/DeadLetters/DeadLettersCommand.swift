import ArgumentParser
import Client

struct DeadLettersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead_letters",
        abstract: "See, repeat and delete queued runs that failed for good.",
        subcommands: [DeadLetterList.self, DeadLetterRedrive.self, DeadLetterPurge.self])
}

struct DeadLetterList: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List dead letters, the newest first.")

    @Option(name: .shortAndLong, help: "List those of one function only.") var deployment: String?
    @Option(help: "How many to list.") var limit: Int?
    @Option(help: "List those that are older than this one: the next page.") var before: String?
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome {
        let (executions, next) = try await client.deadLetters(of: deployment, limit: limit, before: before)
        let columns = ["function", "output", "attempts", "uuid", "created"]
        let table = Table(title: "Dead letters:", columns: columns, items: executions)
        return .page(table, .array(executions), next: next)
    }
}

/// Which dead letters a command is about.
struct DeadLetterChoice: ParsableArguments {
    @Argument(help: "The execution's id.") var uuid: String?
    @Option(name: .shortAndLong, help: "All of one function.") var deployment: String?
    @Flag(help: "All of all functions.") var all = false

    func validate() throws {
        let given = (uuid == nil ? 0 : 1) + (deployment == nil ? 0 : 1) + (all ? 1 : 0)
        guard given == 1 else { throw ValidationError("Give the id of one, or --deployment NAME, or --all.") }
    }
}

struct DeadLetterRedrive: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "redrive", abstract: "Queue the runs once more, as new executions.")

    @OptionGroup var choice: DeadLetterChoice
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome {
        guard let uuid = choice.uuid else { return .value(try await client.redriveAll(of: choice.deployment)) }
        let id = try await client.redrive(uuid)
        return .text("Execution id: \(id)", json: ["uuid": .string(id)])
    }
}

struct DeadLetterPurge: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "purge", abstract: "Delete dead letters.")

    @OptionGroup var choice: DeadLetterChoice
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome {
        guard let uuid = choice.uuid else { return .value(try await client.purgeAll(of: choice.deployment)) }
        return .value(try await client.purge(uuid))
    }
}
