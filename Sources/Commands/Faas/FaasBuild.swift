import ArgumentParser
import Client

/// Where functions are built.
struct BuildOptions: ParsableArguments {
    @Option(help: "The builder's address; else $OPENFAAS_REMOTE_BUILDER, else the gateway.") var remoteBuilder: String?
    @Option(help: "A file with the secret that builds are signed with; else $OPENFAAS_PAYLOAD_SECRET.")
    var payloadSecret: String?

    /// Builds one function, where the file does not say to skip that.
    func build(_ function: StackFile.Function, _ client: GatewayClient) async throws {
        if function.skipsBuild { return Console.out("Skipping build of: \(function.name).") }
        let template = try HandlerTemplate(named: function.language)
        let parcel = try GatewayClient.parcel(function, template: template)
        let environment = ClientEnvironment.current
        var secret: [UInt8]?
        if let path = payloadSecret ?? environment["OPENFAAS_PAYLOAD_SECRET"] {
            let bytes = try SourceFile.bytes(path)
            secret = Array(bytes.drop { $0 <= 0x20 }.reversed().drop { $0 <= 0x20 }.reversed())
        }
        Console.out("[0] > Building \(function.name).")
        guard let builder = remoteBuilder ?? environment["OPENFAAS_REMOTE_BUILDER"] else {
            try await client.build(parcel, secret: secret) { Console.out($0) }
            return Console.out("[0] < Building \(function.name) done.")
        }
        // The address of a builder is a whole one, often with `/build` at its end.
        let address = GatewayAddress.normalised(builder)
        let isWhole = address.hasSuffix("/build")
        let authorization = try GatewayLogins().authorization(for: client.gateway)
        try await GatewayClient.with(
            isWhole ? String(address.dropLast(6)) : address, authorization: secret == nil ? authorization : nil
        ) { try await $0.build(parcel, secret: secret) { Console.out($0) } }
        Console.out("[0] < Building \(function.name) done.")
    }
}

struct FaasBuild: FaasAction {
    static let configuration = CommandConfiguration(
        commandName: "build", abstract: "Build the functions of a file, on the server.")

    @OptionGroup var stack: StackOptions
    @OptionGroup var building: BuildOptions
    @OptionGroup var gateway: GatewayOptions

    func perform() async throws {
        let file = try stack.file()
        try await gateway.withClient(stack: file.gateway) { client in
            for function in try stack.functions(of: file) { try await building.build(function, client) }
        }
    }
}

struct FaasPublish: FaasAction {
    static let configuration = CommandConfiguration(
        commandName: "publish", abstract: "Build the functions of a file, on the server, as `build` does.")

    @OptionGroup var stack: StackOptions
    @OptionGroup var building: BuildOptions
    @OptionGroup var gateway: GatewayOptions

    func perform() async throws {
        let file = try stack.file()
        try await gateway.withClient(stack: file.gateway) { client in
            for function in try stack.functions(of: file) { try await building.build(function, client) }
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
