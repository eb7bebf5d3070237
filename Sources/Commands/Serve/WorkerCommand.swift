import ArgumentParser
import WorkerMain

/// What the server starts for each of its workers; nobody types it.
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "Run sandboxes for a server (started by the server).", shouldDisplay: false)

    @Option(help: "The descriptor of the socket to the server.") var socket: Int32
    @Option(help: "The interpreter's compiled code.") var code: String
    @Option(help: "The interpreter's standard library.") var library: String
    @Option(help: "The identity of the interpreter.") var interpreter: String
    @Option(help: "How many calls compute at once.") var permits: Int
    @Option(help: "How many calls may be under way.") var threads: Int
    @Option(help: "How many more may wait for other calls.") var waiting: Int = 0
    @Option(help: "How many sandboxes are kept ready.") var ready: Int = 1
    @Option(help: "The user to become.") var user: UInt32 = 0
    @Option(help: "The group to become.") var group: UInt32 = 0

    func run() {
        WorkerMain.run(
            WorkerOptions(
                socket: socket, compiledCodePath: code, libraryPath: library, interpreter: interpreter,
                permits: permits,
                threads: threads, waiting: waiting, ready: ready, userID: user, groupID: group))
    }
}
