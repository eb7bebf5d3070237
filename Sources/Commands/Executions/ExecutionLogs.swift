import ArgumentParser
import Client

struct ExecutionLogs: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Show what an execution has printed.",
        discussion: "With --follow, lines come as they are printed, and the exit code tells whether it succeeded.")

    @Argument(help: "The execution's id.") var uuid: String

    @Flag(name: .shortAndLong, help: "Wait for more until the execution has ended.") var follow = false

    @OptionGroup var common: CommonOptions

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome {
        guard follow else {
            let lines = try await client.logs(uuid)
            return .text(lines.map(Self.text).joined(separator: "\n"), json: .array(lines))
        }
        let execution = try await client.followLogs(uuid) { line in
            Console.out(common.json ? line.compact : Self.text(line))
        }
        if execution["status"]?.string != "Success" { throw FaaspotClient.failure(of: execution) }
        return .silence
    }

    private static func text(_ line: JSON) -> String {
        "\(line["time"]?.string ?? "") \(line["stream"]?.string ?? "") \(line["text"]?.string ?? "")"
    }
}
