import ArgumentParser
import Client

/// What a call is given by the commands.
struct FaasmCallOptions: ParsableArguments {
    @Argument(help: "The user whose function it is.") var user: String
    @Argument(help: "The function's name.") var function: String

    @Option(
        name: [.customLong("input-data"), .customLong("input")],
        help: ArgumentHelp("The input, as text; @FILE takes a file's bytes.", valueName: "text"))
    var input: String?

    @Option(help: ArgumentHelp("The function in the code that is called.", valueName: "name")) var entry: String?
    @Option(help: ArgumentHelp("Words for the program.", valueName: "words")) var cmdline: String?

    func call() throws(ClientError) -> FaasmClient.Call {
        var bytes = Array((input ?? "").utf8)
        if let input, input.hasPrefix("@") { bytes = try SourceFile.bytes(String(input.dropFirst())) }
        return FaasmClient.Call(
            user: user, function: function, input: bytes, entry: entry, commandLine: cmdline)
    }
}

struct FaasmFunctionInvoke: FaasmClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "func.invoke", abstract: "Call a function and wait for its end.",
        discussion: "The exit code is the function's, modulo 256.")

    @OptionGroup var call: FaasmCallOptions
    @OptionGroup var place: FaasmPlace
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaasmClient) async throws(ClientError) -> (Outcome, Int32) {
        let result = try await client.call(try call.call())
        if common.json { return (.value(result.json), result.code) }
        let title = result.code == 0 ? "Success:" : "Failed (return value=\(result.code)):"
        return (.bytes(Array("\(title)\n".utf8) + result.output), result.code)
    }
}

struct FaasmInvoke: FaasmClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "invoke", abstract: "Call a function and print its output, or queue the call.",
        discussion: "The exit code is the function's, modulo 256.")

    @OptionGroup var call: FaasmCallOptions
    @Flag(help: "Print the call's id and do not wait.") var asynch = false
    @Flag(help: "With --asynch: wait for the end all the same.") var poll = false
    @Flag(help: "Print the graph of the calls after the output.") var graph = false

    @Option(
        help: ArgumentHelp(
            "Print a time instead of the output: exec-time, wall-time, cold-start (in milliseconds) or start-end-ts.",
            valueName: "format"))
    var outputFormat: FaasmTimes.Format?

    /// Flags of Faasm's that have no meaning here.
    @Flag(help: .hidden) var py = false
    @Flag(help: .hidden) var debug = false
    @Flag(help: .hidden) var singleHost = false
    @Option(help: .hidden) var hostDist: String?
    @Option(help: .hidden) var mpiWorldSize: Int?
    @OptionGroup var place: FaasmPlace
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaasmClient) async throws(ClientError) -> (Outcome, Int32) {
        let start = ContinuousClock.now
        if asynch { return try await queued(client) }
        let result = try await client.call(try call.call())
        let waited = ContinuousClock.now - start
        if let outputFormat {
            let times = try await FaasmTimes(of: result, waited: waited, client)
            return (.text(times.text(outputFormat), json: times.json), result.code)
        }
        if common.json { return (.value(result.json), result.code) }
        guard graph, let number = result.number else { return (.bytes(result.output), result.code) }
        let tree = try await client.graph(of: number)
        return (.bytes(result.output + Array("\n\(tree.pretty)".utf8)), result.code)
    }

    private func queued(_ client: FaasmClient) async throws(ClientError) -> (Outcome, Int32) {
        let number = try await client.start(try call.call())
        LastCall.remember(number)
        guard poll else { return (.text("Call ID: \(number)", json: ["call_id": .number("\(number)")]), 0) }
        Console.error("Call ID: \(number)")
        while true {
            guard let result = try await client.result(of: number) else { continue }
            return (common.json ? .value(result.json) : .bytes(result.output), result.code)
        }
    }
}

struct FaasmInvokeStatus: FaasmClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "invoke.status", abstract: "Show what became of a queued call.")

    @Option(help: ArgumentHelp("The call. (default: the last one that was queued)", valueName: "n")) var callId: Int64?
    @OptionGroup var place: FaasmPlace
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaasmClient) async throws(ClientError) -> (Outcome, Int32) {
        let status = try await client.status(of: try LastCall.number(callId))
        return (.text(status, json: ["status": .string(status)]), 0)
    }
}

struct FaasmInvokeGraph: FaasmClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "invoke.exec-graph", abstract: "Show a queued call with all that came of it.")

    @Option(help: ArgumentHelp("The call. (default: the last one that was queued)", valueName: "n")) var callId: Int64?
    @Option(help: ArgumentHelp("Write it to a file, as JSON.", valueName: "path"), completion: .file())
    var outputFile: String?
    @OptionGroup var place: FaasmPlace
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaasmClient) async throws(ClientError) -> (Outcome, Int32) {
        let graph = try await client.graph(of: try LastCall.number(callId))
        guard let outputFile else { return (.value(graph), 0) }
        try SourceFile.write(Array((graph.pretty + "\n").utf8), to: outputFile)
        return (.message("The graph is in \(outputFile)."), 0)
    }
}
