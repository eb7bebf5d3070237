import ArgumentParser
import Client

/// `swiftlet fs`: the labelled file system as a whole.
struct FilesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fs", abstract: "Check the labelled file system, and see what was denied.",
        subcommands: [FilesCheck.self, FilesDenials.self])
}

struct FilesDenials: OperatorAction {
    static let configuration = CommandConfiguration(
        commandName: "denials", abstract: "Show what was refused for labels' sake, oldest first.",
        discussion: "The server keeps the last ones, while it runs. Only what may flow to the operator is shown.")

    @Flag(help: "Print JSON, a line each.") var json = false

    func perform(_ session: FstnSession) async throws {
        let reply = try await session.client.denials()
        guard reply.isSuccess else { return try await session.finish("Asking", reply) }
        var items: [JSON] = []
        try await reply.receiveLines { (line) throws(ClientError) in
            if json { Console.out(line) } else if let item = try? JSON(parsing: line) { items.append(item) }
        }
        guard !json else { return }
        let columns = ["time", "actor", "privilege", "operation", "label", "reason"]
        Console.out(Table(title: "Denials:", columns: columns, items: items).text)
    }
}
