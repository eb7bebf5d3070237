import ArgumentParser
import Client

struct FaasList: FaasAction {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the functions.", aliases: ["ls"])

    enum Order: String, ExpressibleByArgument {
        case name, invocations, creation
    }

    @Flag(name: .shortAndLong, help: "Show images and times too.") var verbose = false
    @Flag(name: .shortAndLong, help: "Only names.") var quiet = false
    @Flag(help: "Print JSON.") var json = false
    @Option(help: "What to sort by: name, invocations or creation.") var sort = Order.name
    @OptionGroup var gateway: GatewayOptions

    func perform() async throws {
        let answer = try await gateway.withClient {
            try await $0.manage("GET", "/system/functions" + gateway.query())
        }
        let value = try Gateway.json(answer)
        if json { return Console.out(value.pretty) }
        let functions = (value.array ?? []).sorted { left, right in
            switch sort {
            case .name: Gateway.text(left["name"]) < Gateway.text(right["name"])
            case .invocations:
                Int(Gateway.text(left["invocationCount"])) ?? 0 > Int(Gateway.text(right["invocationCount"])) ?? 0
            case .creation: Gateway.text(left["createdAt"]) < Gateway.text(right["createdAt"])
            }
        }
        if quiet {
            return functions.isEmpty
                ? () : Console.out(functions.map { Gateway.text($0["name"]) }.joined(separator: "\n"))
        }
        var columns = [("Function", "name"), ("Invocations", "invocationCount"), ("Replicas", "replicas")]
        if verbose {
            columns.insert(("Image", "image"), at: 1)
            columns.append(("CreatedAt", "createdAt"))
        }
        Console.out(
            Columns.text(columns.map(\.0), functions.map { function in columns.map { Gateway.text(function[$0.1]) } }))
    }
}
