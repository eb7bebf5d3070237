import Foundation
import Synchronization

/// A folder for one test, with the program under all its names.
final class ProgramSandbox: Sendable {
    struct Result {
        var status: Int32
        var output: String
        var errors: String
    }

    let folder: String

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "commands-tests-\(UUID())").path()
        try FileManager.default.createDirectory(atPath: "\(folder)/bin", withIntermediateDirectories: true)
        // The test bundle and the program are built into the same folder.
        let bundle = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        for name in ["swiftlet", "fas", "fstn", "faas"] {
            try FileManager.default.createSymbolicLink(
                atPath: "\(folder)/bin/\(name)", withDestinationPath: bundle.appending(path: "swiftlet").path())
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Runs a program to its end.
    func run(_ name: String, _ arguments: String...) async throws -> Result {
        let process = Process()
        process.executableURL = URL(filePath: "\(folder)/bin/\(name)")
        process.arguments = arguments
        process.environment = ["HOME": folder, "XDG_RUNTIME_DIR": "\(folder)/run", "XDG_DATA_HOME": "\(folder)/data"]
        process.currentDirectoryURL = URL(filePath: folder)
        process.standardInput = FileHandle.nullDevice
        // Files, not pipes: a pipe that nobody empties would stop the program.
        let identity = UUID()
        let output = "\(folder)/output-\(identity)"
        let errors = "\(folder)/errors-\(identity)"
        for path in [output, errors] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = FileHandle(forWritingAtPath: errors)
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in continuation.resume() }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        return Result(
            status: process.terminationStatus, output: try String(contentsOfFile: output, encoding: .utf8),
            errors: try String(contentsOfFile: errors, encoding: .utf8))
    }
}
