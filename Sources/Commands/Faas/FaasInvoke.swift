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

struct FaasLogs: FaasAction {
    static let configuration = CommandConfiguration(commandName: "logs", abstract: "Show what a function prints.")

    enum Format: String, ExpressibleByArgument {
        case plain, keyvalue, json
    }

    @Argument(help: "The function's name.") var name: String
    @Option(help: "Go on to show what comes.") var tail = true
    @Option(help: "The last lines only; -1 for all.") var lines = -1
    @Option(help: "Only lines of the last span, such as 10m.") var since: String?
    @Option(help: "Only lines since a time, such as 2017-07-21T15:10:52Z.") var sinceTime: String?
    @Option(help: "Only lines of one call.") var instance: String?
    @Option(name: .shortAndLong, help: "plain, keyvalue or json.") var output = Format.plain
    @OptionGroup var gateway: GatewayOptions

    func perform() async throws {
        var query = [("name", name), ("follow", "\(tail)"), ("tail", "\(lines)")]
        if let sinceTime { query.append(("since", sinceTime)) }
        if let since { query.append(("since", try PastTime.text(since))) }
        if let instance { query.append(("instance", instance)) }
        let path = "/system/logs" + gateway.query(query)
        try await gateway.withClient { client in
            try await client.lines("GET", path) { line in
                guard output != .json, let value = try? JSON(parsing: line) else { return Console.out(line) }
                let parts = ["timestamp", "name", "instance", "text"].map { Gateway.text(value[$0]) }
                switch output {
                case .keyvalue:
                    Console.out(
                        "timestamp=\"\(parts[0])\" name=\"\(parts[1])\" instance=\"\(parts[2])\" text=\"\(parts[3])\"")
                default: Console.out("\(parts[0]) \(parts[1]) (\(parts[2])) \(parts[3])")
                }
            }
        }
    }
}
