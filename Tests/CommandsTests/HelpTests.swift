import ArgumentParser
import Foundation
import Testing

@testable import Commands

@Suite struct HelpTests {
    private static let snapshots = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Snapshots")

    @Test(arguments: ["fas", "swiftlet", "faas", "fstn"])
    func helpTextsAreTheAgreedOnes(_ program: String) throws {
        let roots: [String: any ParsableCommand.Type] = [
            "fas": FasCommand.self, "faas": FaasCommand.self, "fstn": FstnCommand.self,
        ]
        let root = roots[program] ?? SwiftletCommand.self
        var texts: [String] = []
        collect(root, root: root, path: program, into: &texts)
        let text = texts.joined(separator: "\n")
        let file = Self.snapshots.appending(path: "\(program)-help.txt")
        if ProcessInfo.processInfo.environment["SWIFTLET_UPDATE_SNAPSHOTS"] != nil {
            try FileManager.default.createDirectory(at: Self.snapshots, withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        let agreed = try String(contentsOf: file, encoding: .utf8)
        #expect(
            text == agreed, "Run with SWIFTLET_UPDATE_SNAPSHOTS=1 to accept the new texts, and look at the difference.")
    }

    private func collect(
        _ command: any ParsableCommand.Type, root: any ParsableCommand.Type, path: String, into texts: inout [String]
    ) {
        // The client's commands are the same under both programs, so one snapshot has them.
        let isClient =
            command == FunctionsCommand.self || command == ExecutionsCommand.self
            || command == DeadLettersCommand.self || command == SpotsCommand.self || command == ProfilesCommand.self
        if root == SwiftletCommand.self, isClient { return }
        let help = root.helpMessage(for: command, includeHidden: false, columns: 100)
        texts.append("### \(path)\n\n\(help)\n")
        for child in command.configuration.subcommands {
            collect(child, root: root, path: "\(path) \(child.configuration.commandName ?? "")", into: &texts)
        }
    }
}
