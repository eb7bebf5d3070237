import ArgumentParser
import Client

struct FaasmUploadPython: FaasmClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "func.uploadpy", abstract: "Upload a Python function, from func/USER/NAME.py.")

    @Argument(help: "The function's name.") var function: String
    @Option(help: "The user whose function it is.") var user = "python"
    @Option(help: ArgumentHelp("The file.", valueName: "path"), completion: .file()) var file: String?
    @Option(
        help: ArgumentHelp("A file of requirements in pip's format; an empty one takes them away.", valueName: "path"),
        completion: .file())
    var requirements: String?
    @OptionGroup var place: FaasmPlace
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaasmClient) async throws(ClientError) -> (Outcome, Int32) {
        try await FaasmSources.upload(
            user, function, file ?? FaasmSources.python(user, function), "p", client, requirements: requirements)
        return (.message("Function \(user)/\(function) is uploaded."), 0)
    }
}

struct FaasmUploadAll: FaasmClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "func.upload-all", abstract: "Upload all Python functions in func/USER.")

    @Option(help: "The user whose functions they are.") var user = "python"
    @OptionGroup var place: FaasmPlace
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaasmClient) async throws(ClientError) -> (Outcome, Int32) {
        try await FaasmSources.uploadAll(user, isPython: true, client)
    }
}

struct FaasmUpload: FaasmClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "upload", abstract: "Upload a WebAssembly module as a function, or with --py a Python file.",
        discussion: "Without a file: func/USER/NAME.py, or wasm/USER/NAME/function.wasm.")

    @Argument(help: "The user whose function it is.") var user: String
    @Argument(help: "The function's name.") var function: String
    @Argument(help: "The file.", completion: .file()) var path: String?
    @Flag(help: "It is Python.") var py = false
    @Option(help: ArgumentHelp("The file.", valueName: "path"), completion: .file()) var file: String?
    @OptionGroup var place: FaasmPlace
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaasmClient) async throws(ClientError) -> (Outcome, Int32) {
        let usual = py ? FaasmSources.python(user, function) : FaasmSources.module(user, function)
        try await FaasmSources.upload(user, function, path ?? file ?? usual, py ? "p" : "f", client)
        return (.message("Function \(user)/\(function) is uploaded."), 0)
    }
}

struct FaasmUploadUser: FaasmClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "upload.user",
        abstract: "Upload all functions of a user, from wasm/USER, or with --py from func/USER.")

    @Argument(help: "The user.") var user: String
    @Flag(help: "They are Python.") var py = false
    @OptionGroup var place: FaasmPlace
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaasmClient) async throws(ClientError) -> (Outcome, Int32) {
        try await FaasmSources.uploadAll(user, isPython: py, client)
    }
}
