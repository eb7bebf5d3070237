import ArgumentParser
import Client

/// The words of Faasm's `inv` and `faasmctl` that have another name here, or nothing to do.
enum FaasmWords {
    /// What there is nothing to do for, and why.
    static let builtIn: [String: String] = [
        "func": runtime, "func.upload": runtime, "cpython.native": runtime, "cpython.wasm": runtime,
        "cpython.func": runtime, "cpython.upload": runtime, "modules.install": runtime,
        "python.set-up-runtime": runtime,
        "python.codegen": compiled, "codegen": compiled, "func.flush": flushed, "flush.all": flushed,
        "flush.hosts": flushed, "flush.workers": flushed,
    ]

    /// What Swiftlet does in another way.
    static let refused: [String: String] = [
        "deploy.compose": "start a server with `swiftlet serve`", "deploy.k8s": "start a server with `swiftlet serve`",
        "delete": "stop the server: it is the process of `swiftlet serve`",
        "restart": "stop the server and start it again with `swiftlet serve`",
        "scale": "use `swiftlet spots add` and `swiftlet spots remove`",
        "cli.python": "any shell will do: `swiftlet faasm` needs no container",
        "cli.faasm": "any shell will do: `swiftlet faasm` needs no container",
        "cli.cpp": "any shell will do: `swiftlet faasm` needs no container",
    ]

    private static let runtime = "The Python runtime is built in: there is nothing to build or upload."
    private static let compiled =
        "The interpreter is compiled when a server first starts, modules when they are uploaded."
    private static let flushed = "Nothing to flush: the next call runs what was uploaded last."

    private static let renamed: [String: [String]] = [
        "upload.wasm": ["upload"], "func.update": ["upload"], "func.upload-user": ["upload.user"],
        "upload.file": ["files.upload"], "download.file": ["files.download"],
    ]

    /// The words of this program for those of Faasm's after `swiftlet faasm`.
    static func translated(_ arguments: [String]) -> [String] {
        guard arguments.first == "faasm", arguments.count > 1 else { return arguments }
        let (word, rest) = (arguments[1], Array(arguments.dropFirst(2)))
        let isAlone = !rest.contains { !$0.hasPrefix("-") }
        switch word {
        // The same word builds Faasm's runtime, or uploads a module.
        case "func.upload" where !isAlone: return ["faasm", "upload"] + rest
        case "upload.python": return ["faasm", "upload"] + rest + ["--py"]
        case _ where renamed[word] != nil: return ["faasm"] + (renamed[word] ?? []) + rest
        case _ where builtIn[word] != nil: return ["faasm", "built-in", word] + rest.filter { $0 == "--json" }
        case _ where refused[word] != nil: return ["faasm", "refused", word] + rest.filter { $0 == "--json" }
        default: return arguments
        }
    }
}

/// Says that there is nothing to do.
struct FaasmBuiltIn: LocalCommand {
    static let configuration = CommandConfiguration(commandName: "built-in", shouldDisplay: false)

    @Argument var word: String
    @OptionGroup var common: CommonOptions

    func perform() throws(ClientError) -> Outcome { .message(FaasmWords.builtIn[word] ?? "") }
}

/// Says what to do instead.
struct FaasmRefused: LocalCommand {
    static let configuration = CommandConfiguration(commandName: "refused", shouldDisplay: false)

    @Argument var word: String
    @OptionGroup var common: CommonOptions

    func perform() throws(ClientError) -> Outcome {
        throw .local("Swiftlet has no `\(word)`: \(FaasmWords.refused[word] ?? "see --help").")
    }
}

/// Warms nothing: kept for scripts that compile before they call.
struct FaasmCodegen: LocalCommand {
    static let configuration = CommandConfiguration(
        commandName: "codegen", abstract: "Compile a function: done when it was uploaded.")

    @Argument(help: "The user.") var user: String
    @Argument(help: "The function's name.") var function: String
    @Flag(help: .hidden) var clean = false
    @OptionGroup var common: CommonOptions

    func perform() throws(ClientError) -> Outcome { .message(FaasmWords.builtIn["codegen"] ?? "") }
}
