import ArgumentParser
import Client

struct FaasReady: FaasAction {
    static let configuration = CommandConfiguration(
        commandName: "ready", abstract: "Wait until the gateway, or a function, is ready.")

    @Argument(help: "The function's name; else the gateway is waited for.") var name: String?
    @Option(help: "How often to look.") var attempts = 60
    @Option(help: "How long to wait between two looks, such as 1s.") var interval = "1s"
    @OptionGroup var gateway: GatewayOptions

    func perform() async throws {
        let pause = try PastTime.duration(interval)
        for attempt in 1...max(1, attempts) {
            if try await isReady() {
                return Console.out(name.map { "Function \($0) is ready" } ?? "OpenFaaS gateway is ready")
            }
            if attempt < attempts { try await Task.sleep(for: pause) }
        }
        throw ClientError.local(
            name.map { "function \($0) not ready after \(attempts) attempts" }
                ?? "gateway not ready after \(attempts) attempts")
    }

    private func isReady() async throws -> Bool {
        do {
            return try await gateway.withClient { client in
                guard let name else { return try await client.send("GET", "/healthz", signsIn: false).status == 200 }
                let answer = try await client.send("GET", "/system/function/\(name)" + gateway.query())
                guard answer.status != 401 else { throw GatewayClient.refusal(answer) }
                guard answer.isSuccess else { return false }
                return (Int(Gateway.text(try Gateway.json(answer)["availableReplicas"])) ?? 0) > 0
            }
        } catch let error as ClientError {
            // A gateway that is not there yet is what is waited for.
            guard error.kind == .connection else { throw error }
            return false
        }
    }
}

struct FaasVersion: FaasAction {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Show the versions of this command and of the gateway.")

    @Flag(help: "Only this command's version.") var shortVersion = false
    @OptionGroup var gateway: GatewayOptions

    func perform() async throws {
        if shortVersion { return Console.out(versionText) }
        Console.out("CLI:\n version:  \(versionText)")
        do {
            let (answer, address) = try await gateway.withClient { client in
                (try await client.manage("GET", "/system/info"), client.gateway)
            }
            let value = try Gateway.json(answer)
            Console.out(
                "\nGateway\n uri:      \(address)\n version:  \(Gateway.text(value["version"]?["release"]))"
                    + "\n\nProvider\n name:     \(Gateway.text(value["provider"]?["provider"]))"
                    + "\n orchestration: \(Gateway.text(value["provider"]?["orchestration"]))")
        } catch let error as ClientError {
            // The command's own version is an answer too.
            Console.error(error.message)
        }
    }
}
