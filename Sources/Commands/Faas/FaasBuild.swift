import ArgumentParser
import Client

/// Where functions are built, and with what.
struct BuildOptions: ParsableArguments {
    @Option(help: "The builder's address; else $OPENFAAS_REMOTE_BUILDER, else the gateway.") var remoteBuilder: String?
    @Option(help: "A file with the secret that builds are signed with; else $OPENFAAS_PAYLOAD_SECRET.")
    var payloadSecret: String?
    @Option(help: "A build argument, KEY=VALUE. May repeat. Only named in the log: no Dockerfile is run.")
    var buildArg: [String] = []
    @Option(help: "Taken for scripts' sake: functions are built one after another.") var parallel: Int?
    @Option(help: "Taken for scripts' sake: the sandbox is the same everywhere.") var platforms: String?
    @Flag(help: "Taken for scripts' sake: there is no cache of layers.") var noCache = false
    @Flag(help: "Do not show what the builder says.") var quiet = false

    /// Builds one function, where the file does not say to skip that.
    func build(_ function: StackFile.Function, _ client: GatewayClient) async throws {
        if function.skipsBuild { return Console.out("Skipping build of: \(function.name).") }
        var function = function
        function.buildArguments.merge(try Pairs.parsed(buildArg)) { $1 }
        let template = try HandlerTemplate(named: function.language)
        try await build(function.name, try GatewayClient.parcel(function, template: template), client)
    }

    /// Sends what is to be built to the builder, and shows what that says.
    func build(_ name: String, _ parcel: [UInt8], _ client: GatewayClient) async throws {
        let environment = ClientEnvironment.current
        var secret: [UInt8]?
        if let path = payloadSecret ?? environment["OPENFAAS_PAYLOAD_SECRET"] {
            let bytes = try SourceFile.bytes(path)
            secret = Array(bytes.drop { $0 <= 0x20 }.reversed().drop { $0 <= 0x20 }.reversed())
        }
        Console.out("[0] > Building \(name).")
        let show: (String) -> Void = { if !quiet { Console.out($0) } }
        if let builder = remoteBuilder ?? environment["OPENFAAS_REMOTE_BUILDER"] {
            // The address of a builder is a whole one, often with `/build` at its end.
            let address = GatewayAddress.normalised(builder)
            let isWhole = address.hasSuffix("/build")
            let authorization = try GatewayLogins().authorization(for: client.gateway)
            try await GatewayClient.with(
                isWhole ? String(address.dropLast(6)) : address, authorization: secret == nil ? authorization : nil
            ) { try await $0.build(parcel, secret: secret, log: show) }
        } else {
            try await client.build(parcel, secret: secret, log: show)
        }
        Console.out("[0] < Building \(name) done.")
    }
}

struct FaasBuild: FaasAction {
    static let configuration = CommandConfiguration(
        commandName: "build", abstract: "Build functions, on the server.", aliases: ["publish"])

    @OptionGroup var functions: FunctionOptions
    @OptionGroup var building: BuildOptions
    @OptionGroup var gateway: GatewayOptions

    func perform() async throws {
        let (functions, address) = try functions.chosen()
        try await gateway.withClient(stack: address) { client in
            for function in functions { try await building.build(function, client) }
        }
    }
}

struct FaasPush: FaasAction {
    static let configuration = CommandConfiguration(
        commandName: "push", abstract: "Do nothing: what is built is on the server already.")

    @OptionGroup var stack: StackOptions
    @OptionGroup var gateway: GatewayOptions

    func perform() async throws {
        Console.out("Nothing to push: what is built is on the server already.")
    }
}
