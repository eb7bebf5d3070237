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

struct FaasDescribe: FaasAction {
    static let configuration = CommandConfiguration(commandName: "describe", abstract: "Show a function.")

    @Argument(help: "The function's name.") var name: String
    @Flag(name: .shortAndLong, help: "Show empty settings too.") var verbose = false
    @OptionGroup var gateway: GatewayOptions

    func perform() async throws {
        let (function, address) = try await gateway.withClient { client in
            let answer = try await client.send("GET", "/system/function/\(name)" + gateway.query([("usage", "1")]))
            guard answer.status != 404 else { throw ClientError.local("No such function: \(name)") }
            guard answer.isSuccess else { throw GatewayClient.refusal(answer) }
            return (try Gateway.json(answer), client.gateway)
        }
        let available = Gateway.text(function["availableReplicas"])
        let path = gateway.namespace.map { "\(name).\($0)" } ?? name
        var rows = [
            ("Name", Gateway.text(function["name"])), ("Status", available == "0" ? "Not Ready" : "Ready"),
            ("Replicas", Gateway.text(function["replicas"])), ("Available Replicas", available),
            ("Invocations", Gateway.text(function["invocationCount"])), ("Image", Gateway.text(function["image"])),
            ("Function Process", Gateway.text(function["envProcess"])), ("URL", "\(address)/function/\(path)"),
            ("Async URL", "\(address)/async-function/\(path)"), ("Labels", Gateway.pairs(function["labels"])),
            ("Annotations", Gateway.pairs(function["annotations"])),
            ("Environment", Gateway.pairs(function["envVars"])),
            ("Secrets", (function["secrets"]?.array ?? []).map { Gateway.text($0) }.joined(separator: "\n")),
            ("Constraints", (function["constraints"]?.array ?? []).map { Gateway.text($0) }.joined(separator: "\n")),
            ("Limits", Gateway.pairs(function["limits"])), ("Requests", Gateway.pairs(function["requests"])),
            ("CPU", "\(Gateway.text(function["usage"]?["cpu"])) m"),
            ("RAM", "\(Gateway.text(function["usage"]?["totalMemoryBytes"])) bytes"),
        ]
        if !verbose { rows.removeAll { $0.1.isEmpty } }
        let width = rows.reduce(0) { max($0, $1.0.count) } + 2
        for (title, value) in rows {
            let lines = value.split(separator: "\n").map(String.init)
            let first = lines.first ?? "<none>"
            Console.out("\(title):" + String(repeating: " ", count: width - title.count) + first)
            for line in lines.dropFirst() { Console.out(String(repeating: " ", count: width + 1) + line) }
        }
    }
}

/// Reading what gateways answer.
enum Gateway {
    static func json(_ answer: GatewayClient.Answer) throws(ClientError) -> JSON {
        do { return try JSON(parsing: answer.bytes) } catch {
            throw .local("The gateway's answer is not JSON.")
        }
    }

    /// A value as text; nothing for what is missing.
    static func text(_ value: JSON?) -> String {
        guard let value, value != .null else { return "" }
        return value.string ?? value.compact
    }

    /// The members of an object, one a line.
    static func pairs(_ value: JSON?) -> String {
        guard case .object(let members) = value else { return "" }
        return members.map { "\($0.name): \(text($0.value))" }.joined(separator: "\n")
    }
}
