import ArgumentParser
import WorkerMain

/// What the server starts once on every machine; nobody types it.
struct CompileInterpreterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compile-interpreter", abstract: "Compile the interpreter (started by the server).",
        shouldDisplay: false)

    @Argument(help: "The WebAssembly module.") var module: String
    @Argument(help: "Where the compiled code goes.") var output: String

    func run() { WorkerMain.compile(interpreter: module, to: output) }
}
