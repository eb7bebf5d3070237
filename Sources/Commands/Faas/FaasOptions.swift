import ArgumentParser
import Client
import Model

/// Which gateway a command talks to, and as whom.
struct GatewayOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "The gateway's address; else $OPENFAAS_URL, else http://127.0.0.1:8080.")
    var gateway: String?

    @Option(name: .shortAndLong, help: "The namespace; else the default one.") var namespace: String?

    @Option(name: [.customShort("k"), .long], help: "A token to send in the place of the stored login.")
    var token: String?

    @Flag(name: .customLong("tls-no-verify"), help: "Do not verify the server's certificate.") var trustsAll = false

    /// The gateway's address, where a stack file may name one.
    func address(stack: String? = nil) -> String { GatewayAddress.chosen(flag: gateway, stack: stack) }

    /// Runs `body` with a client of the gateway.
    func withClient<Result>(
        stack: String? = nil, _ body: (GatewayClient) async throws -> Result
    ) async throws -> Result {
        let address = address(stack: stack)
        let authorization = try token.map { "Bearer \($0)" } ?? GatewayLogins().authorization(for: address)
        return try await GatewayClient.with(address, authorization: authorization, trustAll: trustsAll, body)
    }

    /// `?namespace=N` and what else is asked for.
    func query(_ more: [(String, String)] = []) -> String {
        var pairs = more
        if let namespace { pairs.append(("namespace", namespace)) }
        return pairs.isEmpty ? "" : "?" + pairs.map { "\($0.0)=\(PercentCoding.encoded($0.1))" }.joined(separator: "&")
    }

    /// A name with its namespace, as URLs have it.
    func path(_ name: String) -> String {
        name.contains(".") ? name : "\(name).\(namespace ?? "openfaas-fn")"
    }
}

/// The functions of a stack file.
struct StackOptions: ParsableArguments {
    @Option(name: [.customShort("f"), .long], help: "The file that describes functions; else stack.yaml or stack.yml.")
    var yaml: String?

    @Option(help: "Only functions whose names match, where * stands for anything.") var filter: String?

    @Option(help: "Only functions whose names match a regular expression.") var regex: String?

    @Option(help: "Put variables in the place of ${NAME} in the file.") var envsubst = true

    /// The file, as far as there is one: a named one must be there.
    func file() throws(ClientError) -> StackFile {
        try StackFile(path: yaml ?? StackFile.standardPath(), environment: envsubst ? .current : nil)
    }

    func functions(of file: StackFile) throws(ClientError) -> [StackFile.Function] {
        let functions = try file.selected(filter: filter, regex: regex)
        guard !functions.isEmpty else { throw .local("No function of the file matches.") }
        return functions
    }
}

/// A command of `faas`: a failure is one sentence on standard error, and exit code 1.
protocol FaasAction: AsyncParsableCommand {
    func perform() async throws
}

extension FaasAction {
    func run() async throws {
        do { try await perform() } catch let error as ClientError {
            Console.error(error.message)
            throw ExitCode.failure
        }
    }
}

/// `KEY=VALUE` words.
enum Pairs {
    static func parsed(_ words: [String]) throws(ClientError) -> [String: String] {
        var pairs: [String: String] = [:]
        for word in words {
            guard let equals = word.firstIndex(of: "="), equals > word.startIndex else {
                throw .local("`\(word)` must be KEY=VALUE.")
            }
            pairs[String(word[..<equals])] = String(word[word.index(after: equals)...])
        }
        return pairs
    }
}
