import ArgumentParser
import Client
import Glibc

/// The program under all its names.
@MainActor public enum Program {
    /// Runs the command that the process was started with, and ends the process.
    public static func main() async -> Never {
        exit(await run(CommandLine.arguments))
    }

    /// Runs one command and returns its exit code: 0 on success, 1 on failure, 2 on wrong usage.
    static func run(_ commandLine: [String]) async -> Int32 {
        let name = commandLine.first.map {
            String($0[($0.lastIndex(of: "/").map($0.index(after:)) ?? $0.startIndex)...])
        }
        let arguments = FaasmWords.translated(ParameterWords.grouping(Array(commandLine.dropFirst())))
        switch name {
        case "fas": return await run(FasCommand.self, arguments)
        case "faas":
            // Scripts know of success and failure only.
            return await run(FaasCommand.self, FaasWords.grouped(Array(commandLine.dropFirst()))) == 0 ? 0 : 1
        case "fstn": return await run(FstnCommand.self, FstnWords.grouped(Array(commandLine.dropFirst())))
        default: return await run(SwiftletCommand.self, arguments)
        }
    }

    private static func run(_ root: any ParsableCommand.Type, _ arguments: [String]) async -> Int32 {
        do {
            var command = try root.parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            return 0
        } catch {
            return report(error, root: root)
        }
    }

    private static func report(_ error: any Error, root: any ParsableCommand.Type) -> Int32 {
        let text = root.fullMessage(for: error)
        switch root.exitCode(for: error) {
        case .success:
            Console.out(text)
            return 0
        case .validationFailure:
            Console.error(text)
            return 2
        case let code:
            if !text.isEmpty { Console.error(text) }
            return code.rawValue
        }
    }
}
