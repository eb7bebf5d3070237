import ArgumentParser
import WorkerMain

/// What the server starts for each of its workers; nobody types it.
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "Run sandboxes for a server (started by the server).", shouldDisplay: false)
}
