import ArgumentParser
import Client
import Glibc
import Packages

struct FstnBuild: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build", abstract: "Pack a function's directory into one file that `fstn register` takes.",
        discussion: """
            Writes a SquashFS image, or a zip archive where FILE ends with .zip. Hidden files and __pycache__ are left out; so \
            are links and devices, which are named. Requirements are fetched by pip, as wheels that work everywhere, into the \
            folder package/.
            """)

    @ParentCommand var program: FstnCommand
    @Argument(help: "The directory with workload.py.", completion: .directory) var source: String
    @Option(
        name: .shortAndLong, help: ArgumentHelp("Where to write it.", valueName: "file"),
        completion: .file())
    var output = "function.img"
    @OptionGroup var requirements: RequirementOptions

    func run() async throws {
        try await FstnFailure.reporting { try await build() }
    }

    private func build() async throws {
        guard SourceFile.isFolder(source) else { throw ClientError.local("`\(source)` is no directory.") }
        var warnings: [String] = []
        var tree: PackageTree
        do throws(PackageError) {
            tree = try FolderReader.read(source) { warnings.append(FunctionPackage.leftOut($0)) }
            try await requirements.add(to: &tree)
        } catch { throw ClientError.local(error.message) }
        guard tree.files[FunctionPackage.entryFile] != nil else {
            throw FunctionPackage.withoutEntry(source)
        }
        warnings += NativeModules.warnings(tree)
        FunctionPackage.report(warnings)
        if output.hasSuffix(".zip") {
            try SourceFile.write(StoredArchive.encode(tree), to: output)
        } else {
            try SquashImage.write(tree, to: output) { Self.mode("\(source)/\($0)") }
        }
        StatusLine.show("Building", "OK: \(output) with \(tree.files.count) files")
        guard program.json else { return }
        Console.out(
            ([
                "output": .string(output), "files": .number("\(tree.files.count)"),
                "warnings": .array(warnings.map(JSON.string)),
            ] as JSON).compact)
    }

    /// The permissions of a file or folder; nil where it came from a requirement.
    private static func mode(_ path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : nil
    }
}
