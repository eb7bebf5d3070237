import ArgumentParser
import Client

struct FaasRemove: FaasAction {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove functions.", aliases: ["rm", "delete"])

    @Argument(help: "The function's name; else those of a file.") var name: String?
    @OptionGroup var stack: StackOptions
    @OptionGroup var gateway: GatewayOptions

    func perform() async throws {
        if let name {
            return try await gateway.withClient { try await remove(name, gateway.namespace, $0) }
        }
        let file = try stack.file()
        try await gateway.withClient(stack: file.gateway) { client in
            for function in try stack.functions(of: file) {
                try await remove(function.name, gateway.namespace ?? function.namespace, client)
            }
        }
    }

    private func remove(_ name: String, _ namespace: String?, _ client: GatewayClient) async throws {
        Console.out("Deleting: \(name).")
        let answer = try await client.remove(name, namespace: namespace)
        if answer.status == 404 { throw ClientError.local("No existing function to remove") }
        guard answer.isSuccess else { throw GatewayClient.refusal(answer) }
        Console.out("Removing old function.")
    }
}
