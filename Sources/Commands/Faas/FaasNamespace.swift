import ArgumentParser
import Client

struct FaasNamespace: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "namespace", abstract: "Look after namespaces.",
        subcommands: [
            FaasNamespaceList.self, FaasNamespaceCreate.self, FaasNamespaceGet.self, FaasNamespaceUpdate.self,
            FaasNamespaceRemove.self,
        ], aliases: ["namespaces", "ns"])
}

/// What is noted about a namespace.
struct NamespaceNoteOptions: ParsableArguments {
    @Option(help: "A label, KEY=VALUE. May repeat.") var label: [String] = []
    @Option(help: "An annotation, KEY=VALUE. May repeat.") var annotation: [String] = []

    func body(_ name: String) throws -> JSON {
        [
            "name": .string(name), "labels": JSON(strings: try Pairs.parsed(label)),
            "annotations": JSON(strings: try Pairs.parsed(annotation)),
        ]
    }
}

struct FaasNamespaceList: FaasAction {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the namespaces.", aliases: ["ls"])

    @OptionGroup var gateway: GatewayOptions

    func perform() async throws {
        let answer = try await gateway.withClient { try await $0.manage("GET", "/system/namespaces") }
        let names = (try Gateway.json(answer).array ?? []).map { Gateway.text($0) }
        Console.out("Namespaces:\n" + names.map { " - \($0)" }.joined(separator: "\n"))
    }
}

struct FaasNamespaceCreate: FaasAction {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Make a namespace.")

    @Argument(help: "The namespace's name.") var name: String
    @OptionGroup var notes: NamespaceNoteOptions
    @OptionGroup var gateway: GatewayOptions

    func perform() async throws {
        let body = try notes.body(name)
        _ = try await gateway.withClient { try await $0.manage("POST", "/system/namespace/", body) }
        Console.out("Created Namespace: \(name)")
    }
}

struct FaasNamespaceGet: FaasAction {
    static let configuration = CommandConfiguration(commandName: "get", abstract: "Show a namespace.")

    @Argument(help: "The namespace's name.") var name: String
    @OptionGroup var gateway: GatewayOptions

    func perform() async throws {
        let answer = try await gateway.withClient { try await $0.manage("GET", "/system/namespace/\(name)") }
        let value = try Gateway.json(answer)
        Console.out("Name: \(Gateway.text(value["name"]))")
        for (title, key) in [("Labels", "labels"), ("Annotations", "annotations")] {
            let pairs = Gateway.pairs(value[key]).split(separator: "\n").map { " \($0)" }
            if !pairs.isEmpty { Console.out("\(title):\n" + pairs.joined(separator: "\n")) }
        }
    }
}

struct FaasNamespaceUpdate: FaasAction {
    static let configuration = CommandConfiguration(commandName: "update", abstract: "Change a namespace.")

    @Argument(help: "The namespace's name.") var name: String
    @OptionGroup var notes: NamespaceNoteOptions
    @OptionGroup var gateway: GatewayOptions

    func perform() async throws {
        let body = try notes.body(name)
        _ = try await gateway.withClient { try await $0.manage("PUT", "/system/namespace/\(name)", body) }
        Console.out("Updated Namespace: \(name)")
    }
}

struct FaasNamespaceRemove: FaasAction {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Delete a namespace with its functions and secrets.",
        aliases: ["rm", "delete"])

    @Argument(help: "The namespace's name.") var name: String
    @OptionGroup var gateway: GatewayOptions

    func perform() async throws {
        let body: JSON = ["name": .string(name)]
        _ = try await gateway.withClient { try await $0.manage("DELETE", "/system/namespace/\(name)", body) }
        Console.out("Deleted Namespace: \(name)")
    }
}
