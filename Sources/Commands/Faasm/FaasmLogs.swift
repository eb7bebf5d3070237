import ArgumentParser
import Client

struct FaasmLogs: FaasmClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Show what calls have printed.",
        discussion: "A server has no services whose logs could be told apart: -s is understood and has no effect.")

    @Option(help: ArgumentHelp("The function, as USER/NAME. (default: all)", valueName: "name")) var function: String?
    @Option(help: ArgumentHelp("Of how many calls at most.", valueName: "n")) var limit = 20
    @Flag(name: .shortAndLong, help: "Wait for more, until this is interrupted.") var follow = false
    @Option(name: .customShort("s"), help: .hidden) var service: String?
    @OptionGroup var place: FaasmPlace
    @OptionGroup var common: CommonOptions

    /// Looks at so many calls each time while it follows.
    private static let followedCalls = 200

    func perform(_ client: FaasmClient) async throws(ClientError) -> (Outcome, Int32) {
        var known: Set<String> = []
        guard follow else {
            let lines = try await lines(client, limit, &known)
            return (.text(lines.map(Self.text).joined(separator: "\n"), json: .array(lines)), 0)
        }
        var count = limit
        while true {
            for line in try await lines(client, count, &known) {
                Console.out(common.json ? line.compact : Self.text(line))
            }
            count = Self.followedCalls
            guard (try? await Task.sleep(for: .seconds(1))) != nil else { return (.silence, 0) }
        }
    }

    /// The lines of the newest calls that are not known yet.
    private func lines(
        _ client: FaasmClient, _ limit: Int, _ known: inout Set<String>
    ) async throws(ClientError) -> [JSON] {
        var all: [JSON] = []
        for (call, lines) in try await client.printed(by: function, limit: limit, known: known) {
            let (id, name) = (call["uuid"] ?? .null, call["function"] ?? .null)
            if let text = id.string { known.insert(text) }
            for line in lines {
                all.append([
                    "function": name, "uuid": id, "time": line["time"] ?? .null, "stream": line["stream"] ?? .null,
                    "text": line["text"] ?? .null,
                ])
            }
        }
        return all
    }

    private static func text(_ line: JSON) -> String {
        ["time", "function", "uuid", "stream", "text"].map { line[$0]?.string ?? "" }.joined(separator: " ")
    }
}

/// The planner as it is now, again and again.
struct FaasmMonitor: FaasmClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "monitor.planner", abstract: "Show each second where calls run, and what has not ended.")

    @Option(help: ArgumentHelp("How often. (default: until this is interrupted)", valueName: "n")) var count: Int?
    @OptionGroup var place: FaasmPlace
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaasmClient) async throws(ClientError) -> (Outcome, Int32) {
        var left = count
        while left != 0 {
            let (hosts, apps) = (try await client.hosts(), try await client.appsInFlight())
            if common.json {
                Console.out(JSON(dictionaryLiteral: ("hosts", .array(hosts)), ("apps", .array(apps))).compact)
            } else {
                Console.out(Table(title: "Hosts", columns: ["ip", "slots", "usedSlots"], items: hosts).text)
                Console.out(Table(title: "Apps in flight", columns: ["appId", "size"], items: apps).text)
            }
            left = left.map { $0 - 1 }
            guard left != 0, (try? await Task.sleep(for: .seconds(1))) != nil else { break }
        }
        return (.silence, 0)
    }
}
