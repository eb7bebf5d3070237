import ArgumentParser
import Client

/// What is deployed beside what a file says.
struct DeployOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "A variable, KEY=VALUE. May repeat.") var env: [String] = []
    @Option(name: .shortAndLong, help: "A label, KEY=VALUE. May repeat.") var label: [String] = []
    @Option(help: "An annotation, KEY=VALUE. May repeat.") var annotation: [String] = []
    @Option(help: "A secret's name. May repeat.") var secret: [String] = []
    @Option(help: "A constraint, kept and shown only. May repeat.") var constraint: [String] = []
    @OptionGroup var resources: ResourceOptions
    @Flag(help: "Kept and shown only: the file system is read-only anyway.") var readonly = false
    @Option(help: "Taken for scripts' sake: functions share no network.") var network: String?
    @Flag(help: "Delete the function first.") var replace = false
    @Option(help: "Change a function that is there.") var update = true

    /// Deploys one function and says so.
    func deploy(_ function: StackFile.Function, _ client: GatewayClient, _ gateway: GatewayOptions) async throws {
        var function = function
        function.environment.merge(try Pairs.parsed(env)) { $1 }
        function.labels.merge(try Pairs.parsed(label)) { $1 }
        function.annotations.merge(try Pairs.parsed(annotation)) { $1 }
        function.secrets += secret.filter { !function.secrets.contains($0) }
        if function.constraints.isEmpty { function.constraints = constraint }
        function.limits.merge(resources.limits) { $1 }
        function.requests.merge(resources.requests) { $1 }
        if readonly { function.isReadOnly = true }
        let process = function.language.isEmpty ? nil : try HandlerTemplate(named: function.language).process
        let namespace = gateway.namespace ?? function.namespace
        let body = try GatewayClient.deployment(function, process: process, namespace: namespace)
        Console.out("Deploying: \(function.name).")
        if replace {
            let answer = try await client.remove(function.name, namespace: namespace)
            guard answer.isSuccess || answer.status == 404 else { throw GatewayClient.refusal(answer) }
        }
        let status = try await client.deploy(body, updates: update && !replace)
        let path = namespace.map { "\(function.name).\($0)" } ?? function.name
        Console.out(
            "Deployed. \(status) \(status == 200 ? "OK" : "Accepted").\nURL: \(client.gateway)/function/\(path)\n")
    }
}

/// What a function may use, and what it needs.
struct ResourceOptions: ParsableArguments {
    @Option(help: "The memory limit, such as 128Mi.") var memoryLimit: String?
    @Option(help: "The processor limit, such as 100m; kept and shown only.") var cpuLimit: String?
    @Option(help: "The memory that is needed; kept and shown only.") var memoryRequest: String?
    @Option(help: "The processor time that is needed; kept and shown only.") var cpuRequest: String?

    var limits: [String: String] { Self.amounts(memoryLimit, cpuLimit) }
    var requests: [String: String] { Self.amounts(memoryRequest, cpuRequest) }

    private static func amounts(_ memory: String?, _ processor: String?) -> [String: String] {
        ["memory": memory, "cpu": processor].compactMapValues { $0 }
    }
}

struct FaasDeploy: FaasAction {
    static let configuration = CommandConfiguration(
        commandName: "deploy", abstract: "Deploy functions that were built.")

    @OptionGroup var functions: FunctionOptions
    @OptionGroup var deploying: DeployOptions
    @OptionGroup var gateway: GatewayOptions

    func perform() async throws {
        let (functions, address) = try functions.chosen()
        try await gateway.withClient(stack: address) { client in
            for function in functions { try await deploying.deploy(function, client, gateway) }
        }
    }
}

struct FaasUp: FaasAction {
    static let configuration = CommandConfiguration(commandName: "up", abstract: "Build and deploy functions.")

    @Flag(help: "Only build.") var skipDeploy = false
    @Flag(help: "Taken for scripts' sake: there is nothing to push.") var skipPush = false
    @OptionGroup var functions: FunctionOptions
    @OptionGroup var building: BuildOptions
    @OptionGroup var deploying: DeployOptions
    @OptionGroup var gateway: GatewayOptions

    func perform() async throws {
        let (functions, address) = try functions.chosen()
        try await gateway.withClient(stack: address) { client in
            for function in functions { try await building.build(function, client) }
            if skipDeploy { return }
            for function in functions { try await deploying.deploy(function, client, gateway) }
        }
    }
}
