import ArgumentParser
import Client
import Model

struct FaasLogs: FaasAction {
    static let configuration = CommandConfiguration(commandName: "logs", abstract: "Show what a function prints.")

    enum Format: String, ExpressibleByArgument {
        case plain, keyvalue, json
    }

    @Argument(help: "The function's name.") var function: String
    @Option(help: "Go on to show what comes.") var tail = true
    @Option(help: "The last lines only; -1 for all.") var lines = -1
    @Option(help: "Only lines of the last span, such as 10m.") var since: String?
    @Option(help: "Only lines since a time, such as 2017-07-21T15:10:52Z.") var sinceTime: String?
    @Flag(help: "Show the function's name.") var name = false
    @Flag(help: "Show the call that printed.") var instance = false
    @Flag(name: .shortAndLong, help: "Print JSON, as --output=json does.") var json = false
    @Option(name: .shortAndLong, help: "plain, keyvalue or json.") var output = Format.plain
    @OptionGroup var gateway: GatewayOptions

    func perform() async throws {
        var query = [("name", function), ("follow", "\(tail)"), ("tail", "\(lines)")]
        if let sinceTime {
            query.append(("since", sinceTime))
        } else if let since {
            query.append(("since", try PastTime.text(since)))
        }
        let path = "/system/logs" + gateway.query(query)
        try await gateway.withClient { client in
            try await client.lines("GET", path) { line in
                guard !json, output != .json, let value = try? JSON(parsing: line) else { return Console.out(line) }
                Console.out(text(value))
            }
        }
    }

    private func text(_ line: JSON) -> String {
        var parts = [("timestamp", Gateway.text(line["timestamp"]))]
        if name { parts.append(("name", Gateway.text(line["name"]))) }
        if instance { parts.append(("instance", Gateway.text(line["instance"]))) }
        parts.append(("text", Gateway.text(line["text"])))
        if output == .keyvalue { return parts.map { "\($0)=\"\($1)\"" }.joined(separator: " ") }
        return parts.map { $0.0 == "instance" ? "(\($0.1))" : $0.1 }.joined(separator: " ")
    }
}
