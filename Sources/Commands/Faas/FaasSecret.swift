import ArgumentParser
import Client

struct FaasSecret: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secret", abstract: "Look after secrets.",
        subcommands: [FaasSecretCreate.self, FaasSecretUpdate.self, FaasSecretList.self, FaasSecretRemove.self])
}

/// Where a secret's value comes from.
struct SecretValue: ParsableArguments {
    @Option(help: "The value itself.") var fromLiteral: String?
    @Option(help: "A file with the value.") var fromFile: String?
    @Option(help: "Leave out white space around a value that is not literal.") var trim = true

    /// What is sent: the value as text where it is text, and its bytes where it is a file.
    func members() throws -> [JSON.Member] {
        if let fromLiteral {
            guard !fromLiteral.isEmpty else { throw ClientError.local("must provide a non empty secret value") }
            return [.init("value", .string(fromLiteral))]
        }
        var bytes = try fromFile.map { try SourceFile.bytes($0) } ?? StandardInput.read()
        if trim { bytes = Array(bytes.drop { $0 <= 0x20 }.reversed().drop { $0 <= 0x20 }.reversed()) }
        guard !bytes.isEmpty else { throw ClientError.local("must provide a non empty secret value") }
        return [
            .init("value", .string(String(decoding: bytes, as: UTF8.self))),
            .init("rawValue", .string(Base64.encode(bytes))),
        ]
    }
}

struct FaasSecretCreate: FaasAction {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Store a secret.")

    @Argument(help: "The secret's name.") var name: String
    @Flag(help: "Replace one that is there.") var replace = false
    @OptionGroup var value: SecretValue
    @OptionGroup var gateway: GatewayOptions

    func perform() async throws {
        let body = JSON.object(gateway.named(name) + (try value.members()))
        Console.out("Creating secret: \(name).")
        try await gateway.withClient { client in
            let answer = try await client.send(
                "POST", "/system/secrets", body: Array(body.compact.utf8),
                headers: [("Content-Type", "application/json")])
            if answer.status == 409 {
                guard replace else { throw ClientError.local("secret with the name \"\(name)\" already exists") }
                _ = try await client.manage("PUT", "/system/secrets", body)
                return Console.out("Updated: 200 OK")
            }
            guard answer.isSuccess else { throw GatewayClient.refusal(answer) }
            Console.out("Created: \(answer.status) Created")
        }
    }
}

struct FaasSecretUpdate: FaasAction {
    static let configuration = CommandConfiguration(commandName: "update", abstract: "Change a secret.")

    @Argument(help: "The secret's name.") var name: String
    @OptionGroup var value: SecretValue
    @OptionGroup var gateway: GatewayOptions

    func perform() async throws {
        let body = JSON.object(gateway.named(name) + (try value.members()))
        try await gateway.withClient { client in
            let answer = try await client.send(
                "PUT", "/system/secrets", body: Array(body.compact.utf8),
                headers: [("Content-Type", "application/json")])
            guard answer.status != 404 else { throw ClientError.local("unable to find secret: \(name)") }
            guard answer.isSuccess else { throw GatewayClient.refusal(answer) }
        }
        Console.out("Updating secret: \(name)\nUpdated: 200 OK")
    }
}

struct FaasSecretList: FaasAction {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the secrets' names.", aliases: ["ls"])

    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var gateway: GatewayOptions

    func perform() async throws {
        let answer = try await gateway.withClient { try await $0.manage("GET", "/system/secrets" + gateway.query()) }
        let secrets = try Gateway.json(answer)
        if json { return Console.out(secrets.pretty) }
        Console.out(Columns.text(["NAME"], (secrets.array ?? []).map { [Gateway.text($0["name"])] }))
    }
}

struct FaasSecretRemove: FaasAction {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Delete a secret.", aliases: ["rm", "delete"])

    @Argument(help: "The secret's name.") var name: String
    @OptionGroup var gateway: GatewayOptions

    func perform() async throws {
        let body = JSON.object(gateway.named(name))
        try await gateway.withClient { client in
            let answer = try await client.send(
                "DELETE", "/system/secrets", body: Array(body.compact.utf8),
                headers: [("Content-Type", "application/json")])
            guard answer.status != 404 else { throw ClientError.local("unable to find secret: \(name)") }
            guard answer.isSuccess else { throw GatewayClient.refusal(answer) }
        }
        Console.out("Removed.. OK.")
    }
}

extension GatewayOptions {
    /// A name, and the namespace where there is one.
    func named(_ name: String) -> [JSON.Member] {
        [.init("name", .string(name))] + (namespace.map { [.init("namespace", .string($0))] } ?? [])
    }
}
