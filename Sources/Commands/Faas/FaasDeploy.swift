import ArgumentParser
import Client

/// What is deployed beside what a file says.
struct DeployOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "A variable, KEY=VALUE. May repeat.") var env: [String] = []
    @Option(name: .shortAndLong, help: "A label, KEY=VALUE. May repeat.") var label: [String] = []
    @Option(help: "An annotation, KEY=VALUE. May repeat.") var annotation: [String] = []
    @Option(help: "A secret's name. May repeat.") var secret: [String] = []
    @Flag(help: "Delete the function first.") var replace = false
    @Option(help: "Change a function that is there.") var update = true

    /// Deploys one function and says so.
    func deploy(_ function: StackFile.Function, _ client: GatewayClient, _ gateway: GatewayOptions) async throws {
        var function = function
        function.environment.merge(try Pairs.parsed(env)) { $1 }
        function.labels.merge(try Pairs.parsed(label)) { $1 }
        function.annotations.merge(try Pairs.parsed(annotation)) { $1 }
        function.secrets += secret.filter { !function.secrets.contains($0) }
        let process = function.language.isEmpty ? nil : try HandlerTemplate(named: function.language).process
        let namespace = gateway.namespace ?? function.namespace
        let body = try GatewayClient.deployment(function, process: process, namespace: namespace)
        Console.out("Deploying: \(function.name).")
        if replace {
            var which: [JSON.Member] = [.init("functionName", .string(function.name))]
            if let namespace { which.append(.init("namespace", .string(namespace))) }
            let answer = try await client.send(
                "DELETE", "/system/functions", body: Array(JSON.object(which).compact.utf8),
                headers: [("Content-Type", "application/json")])
            guard answer.isSuccess || answer.status == 404 else { throw GatewayClient.refusal(answer) }
        }
        let status = try await client.deploy(body, updates: update && !replace)
        let path = namespace.map { "\(function.name).\($0)" } ?? function.name
        Console.out(
            "Deployed. \(status) \(status == 200 ? "OK" : "Accepted").\nURL: \(client.gateway)/function/\(path)\n")
    }
}

struct FaasDeploy: FaasAction {
    static let configuration = CommandConfiguration(
        commandName: "deploy", abstract: "Deploy functions that were built.")

    @Option(help: "An image, in the place of a file.") var image: String?
    @Option(help: "The name of the function of --image.") var name: String?
    @Option(name: .customLong("fprocess"), help: "Kept and shown only.") var process: String?
    @OptionGroup var stack: StackOptions
    @OptionGroup var deploying: DeployOptions
    @OptionGroup var gateway: GatewayOptions

    func perform() async throws {
        if let image {
            guard let name else { throw ClientError.local("To deploy an --image, give the function's --name.") }
            var function = StackFile.Function(name: name)
            function.image = image
            function.process = process
            let single = function
            return try await gateway.withClient { try await deploying.deploy(single, $0, gateway) }
        }
        let file = try stack.file()
        try await gateway.withClient(stack: file.gateway) { client in
            for function in try stack.functions(of: file) { try await deploying.deploy(function, client, gateway) }
        }
    }
}

struct FaasUp: FaasAction {
    static let configuration = CommandConfiguration(
        commandName: "up", abstract: "Build and deploy the functions of a file.")

    @Flag(help: "Only build.") var skipDeploy = false
    @Flag(help: "Taken for scripts' sake: there is nothing to push.") var skipPush = false
    @OptionGroup var stack: StackOptions
    @OptionGroup var building: BuildOptions
    @OptionGroup var deploying: DeployOptions
    @OptionGroup var gateway: GatewayOptions

    func perform() async throws {
        let file = try stack.file()
        try await gateway.withClient(stack: file.gateway) { client in
            let functions = try stack.functions(of: file)
            for function in functions { try await building.build(function, client) }
            if skipDeploy { return }
            for function in functions { try await deploying.deploy(function, client, gateway) }
        }
    }
}

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
        var body: [JSON.Member] = [.init("functionName", .string(name))]
        if let namespace { body.append(.init("namespace", .string(namespace))) }
        let answer = try await client.send(
            "DELETE", "/system/functions", body: Array(JSON.object(body).compact.utf8),
            headers: [("Content-Type", "application/json")])
        if answer.status == 404 { throw ClientError.local("No existing function to remove") }
        guard answer.isSuccess else { throw GatewayClient.refusal(answer) }
        Console.out("Removing old function.")
    }
}
