import ArgumentParser
import Client

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
        Console.out(Columns.rows(rows))
    }
}
