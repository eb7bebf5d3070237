import ArgumentParser
import Client
import LabelledFiles
import Server
import Storage

struct FilesCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fsck", abstract: "Check every labelled object, name and blob.",
        discussion: """
            The running server does it, while it goes on; --data names the folder of a stopped one. Nothing is repaired. The \
            exit code is 1 when something is not as it must be.
            """)

    @Option(
        help: ArgumentHelp("The data folder of a server that does not run.", valueName: "dir"), completion: .directory)
    var data: String?
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        try await FstnFailure.reporting {
            let report = if let data { try await stopped(data) } else { try await running() }
            let findings = report["findings"]?.array ?? []
            Console.out(json ? report.pretty : Self.text(report, findings))
            if !findings.isEmpty { throw ExitCode.failure }
        }
    }

    private func running() async throws -> JSON {
        try await FstnSession.withOperator { session in
            let reply = try await session.client.check()
            guard reply.isSuccess else {
                try await session.finish("Checking", reply)
                throw ExitCode.failure
            }
            return try JSON(parsing: try await reply.bytes())
        }
    }

    private func stopped(_ folder: String) async throws -> JSON {
        do {
            let report = try await Server.checkFiles(in: folder)
            return [
                "objects": .number("\(report.objects)"), "blobs": .number("\(report.blobs)"),
                "findings": .array(
                    report.findings.map {
                        ["problem": .string($0.problem.rawValue), "subject": .string($0.subject)]
                    }),
            ]
        } catch let error as StorageError {
            let hint = error.code == .conflict ? "Without --data, the running server is asked." : nil
            throw ClientError.local(error.message, hint: hint)
        }
    }

    private static func text(_ report: JSON, _ findings: [JSON]) -> String {
        let lines = findings.map { "\($0["subject"]?.string ?? "?"): \($0["problem"]?.string ?? "?")" }
        let count = findings.isEmpty ? "nothing is wrong" : "\(findings.count) findings"
        func number(_ name: String) -> String { report[name]?.compact ?? "0" }
        let summary = "\(number("objects")) objects and \(number("blobs")) blobs: \(count)"
        return (lines + [summary]).joined(separator: "\n")
    }
}
