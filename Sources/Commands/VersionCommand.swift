import ArgumentParser
import Client

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Show the version.")

    @Flag(help: "Print JSON.") var json = false

    func run() {
        Console.out(
            json ? (["name": "swiftlet", "version": .string(versionText)] as JSON).pretty : "swiftlet \(versionText)")
    }
}
