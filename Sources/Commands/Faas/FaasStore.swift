import ArgumentParser
import Client

struct FaasStore: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "Functions that are ready to be deployed.",
        subcommands: [FaasStoreList.self, FaasStoreDescribe.self, FaasStoreDeploy.self])
}

/// Which functions there are to choose from.
struct StoreOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: "The address or file of a list of functions; else $OPENFAAS_STORE, else the built-in ones.")
    var url: String?
    @Option(name: .shortAndLong, help: "The platform whose images are meant.") var platform = "x86_64"

    func functions() async throws -> [StoreFunction] {
        guard let source = url ?? ClientEnvironment.current["OPENFAAS_STORE"] else { return StoreFunction.builtIn }
        return try await StoreFunction.all(of: source, platform: platform)
    }

    func function(_ name: String) async throws -> StoreFunction {
        let all = try await functions()
        guard let function = all.first(where: { $0.name == name || $0.title == name }) else {
            throw ClientError.local(
                "function '\(name)' not found; there are: \(all.map(\.name).joined(separator: ", "))")
        }
        return function
    }
}

struct FaasStoreList: FaasAction {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the functions.", aliases: ["ls"])
    private static let shownCharacters = 60

    @Flag(name: .shortAndLong, help: "Show whole descriptions.") var verbose = false
    @OptionGroup var store: StoreOptions

    func perform() async throws {
        let rows = try await store.functions().map { function in
            let isLong = !verbose && function.summary.count > Self.shownCharacters
            return [
                function.name, function.author,
                isLong ? "\(function.summary.prefix(Self.shownCharacters - 3))..." : function.summary,
            ]
        }
        Console.out(Columns.text(["FUNCTION", "AUTHOR", "DESCRIPTION"], rows))
    }
}

struct FaasStoreDescribe: FaasAction {
    static let configuration = CommandConfiguration(
        commandName: "describe", abstract: "Show a function.", aliases: ["inspect"])

    @Argument(help: "The function's name or title.") var name: String
    @OptionGroup var store: StoreOptions

    func perform() async throws {
        let function = try await store.function(name)
        func lines(_ pairs: [String: String]) -> String {
            pairs.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: "\n")
        }
        let rows = [
            ("Title", function.title), ("Name", function.name), ("Author", function.author),
            ("Description", function.summary), ("Image", function.image), ("Process", function.process),
            ("Repo URL", function.repository), ("Environment", lines(function.environment)),
            ("Labels", lines(function.labels)), ("Annotations", lines(function.annotations)),
        ]
        Console.out(Columns.rows(rows.filter { !$0.1.isEmpty }))
    }
}

struct FaasStoreDeploy: FaasAction {
    static let configuration = CommandConfiguration(
        commandName: "deploy", abstract: "Deploy a function; a built-in one is built first.")

    @Argument(help: "The function's name or title.") var function: String
    @Option(help: "Another name for it.") var name: String?
    @OptionGroup var store: StoreOptions
    @OptionGroup var deploying: DeployOptions
    @OptionGroup var gateway: GatewayOptions

    func perform() async throws {
        let found = try await store.function(function)
        let deployed = found.deployed(as: name)
        try await gateway.withClient { client in
            if let source = found.source, let template = HandlerTemplate(builtIn: source.language) {
                let parcel = try GatewayClient.parcel(
                    found.image, ["handler.py": Array(source.handler.utf8)], template: template)
                try await client.build(parcel) { Console.out($0) }
            }
            try await deploying.deploy(deployed, client, gateway)
        }
    }
}
