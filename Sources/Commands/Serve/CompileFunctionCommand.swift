import ArgumentParser
import WorkerMain

/// What the server starts for each WebAssembly module that a user uploads; nobody types it.
struct CompileFunctionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compile-function", abstract: "Compile a user's module (started by the server).",
        shouldDisplay: false)

    @Option(help: "The descriptor of the module, and of what comes of it.") var file: Int32
    @Option(help: "The identity of compiler and processor.") var compiler: String
    @Option(help: "What the module's memory may be at first.") var memory: Int
    @Option(help: "The user to become.") var user: UInt32 = 0
    @Option(help: "The group to become.") var group: UInt32 = 0

    func run() {
        WorkerMain.compile(
            CompilerOptions(
                file: file, compiler: compiler, maximumMemoryBytes: memory, userID: user, groupID: group))
    }
}
