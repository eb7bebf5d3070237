import ArgumentParser
import Client
import Model

struct FaasInvoke: FaasAction {
    static let configuration = CommandConfiguration(
        commandName: "invoke", abstract: "Call a function with what comes in on standard input.")

    @Argument(help: "The function's name.") var name: String
    @Flag(name: [.customShort("a"), .customLong("async")], help: "Do not wait for the result.") var isAsync = false
    @Option(name: .shortAndLong, help: "The request's method.") var method = "POST"
    @Option(help: "The type of what is sent.") var contentType = "text/plain"
    @Option(help: "A parameter of the query, KEY=VALUE. May repeat.") var query: [String] = []
    @Option(name: [.customShort("H"), .long], help: "A header, \"NAME: VALUE\". May repeat.") var header: [String] = []
    @Option(help: "The header to send a signature of the body in.") var sign: String?
    @Option(help: "The key of the signature.") var key: String?
    @OptionGroup var gateway: GatewayOptions

    func perform() async throws {
        if StandardInput.isTerminal { Console.error("Reading from STDIN - hit (Control + D) to stop.") }
        let body = StandardInput.read()
        var headers = [("Content-Type", contentType)]
        for text in header {
            guard let colon = text.firstIndex(where: { $0 == ":" || $0 == "=" }), colon > text.startIndex else {
                throw ClientError.local("The header `\(text)` must be \"NAME: VALUE\".")
            }
            let value = text[text.index(after: colon)...].drop { $0 == " " }
            headers.append((String(text[..<colon]), String(value)))
        }
        guard (sign == nil) == (key == nil) else { throw ClientError.local("Give --sign and --key together.") }
        if let sign, let key { headers.append((sign, GatewayClient.signature(body, key: Array(key.utf8)))) }
        var path = "/\(isAsync ? "async-function" : "function")/\(gateway.path(name))"
        if !query.isEmpty {
            let pairs = try query.map { word in
                let pair = try Pairs.parsed([word])
                return pair.map { "\(PercentCoding.encoded($0.key))=\(PercentCoding.encoded($0.value))" }.joined()
            }
            path += "?" + pairs.joined(separator: "&")
        }
        let answer = try await gateway.withClient { client in
            // Calls need no login: what is sent is the function's business.
            try await client.send(isAsync ? "POST" : method, path, body: body, headers: headers, signsIn: false)
        }
        if answer.status == 202, isAsync { return Console.error("Function submitted asynchronously.") }
        guard answer.isSuccess else {
            throw ClientError.local("Server returned unexpected status code: \(answer.status) - \(answer.text)")
        }
        Console.out(bytes: answer.bytes)
    }
}
