import ArgumentParser
import Client
import Glibc
import Packages
import Platform

struct FstnBuild: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build", abstract: "Pack a function's directory into one file that `fstn register` takes.",
        discussion: """
            Writes a SquashFS image, or a zip archive where FILE ends with .zip. Hidden files and __pycache__ are left out; so \
            are links and devices, which are named. Requirements are fetched by pip, as wheels that work everywhere, into the \
            folder package/.
            """)

    @Argument(help: "The directory with workload.py.", completion: .directory) var source: String
    @Option(
        name: .shortAndLong, help: ArgumentHelp("Where to write it. (default: function.img)", valueName: "file"),
        completion: .file())
    var output = "function.img"
    @Option(
        help: ArgumentHelp("A file that names what package/ is to hold, as pip has it.", valueName: "file"),
        completion: .file())
    var requirements: String?
    @Option(help: ArgumentHelp("The Python whose pip fetches requirements.", valueName: "python"))
    var pipPython = "python3"

    func run() async throws {
        try await FstnFailure.reporting { try await build() }
    }

    private func build() async throws {
        guard SourceFile.isFolder(source) else { throw ClientError.local("`\(source)` is no directory.") }
        var warnings: [String] = []
        var tree: PackageTree
        do throws(PackageError) {
            tree = try FolderReader.read(source) { warnings.append(FunctionPackage.leftOut($0)) }
            if let requirements { try await addRequirements(requirements, to: &tree) }
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
    }

    private func addRequirements(_ path: String, to tree: inout PackageTree) async throws(PackageError) {
        let text: String
        do throws(ClientError) { text = try SourceFile.read(path) } catch {
            throw PackageError(.requirements, error.message)
        }
        let scratch: ScratchFolder
        do throws(ClientError) { scratch = try ScratchFolder() } catch {
            throw PackageError(.unavailable, error.message)
        }
        defer { withExtendedLifetime(scratch) {} }
        let store = try PackageStore(folder: "\(scratch.path)/packages")
        let resolver = try WheelResolver(
            store: store, folder: scratch.path, builtin: PlatformConfiguration().providedPackages, python: pipPython)
        guard let resolution = try await resolver.resolve(try Requirements(parsing: text)) else { return }
        defer { store.release(resolution.package) }
        guard let bytes = store.read(resolution.package) else {
            throw PackageError(.unavailable, "What pip fetched is lost.")
        }
        for (name, content) in try PackageReader.read(bytes).files {
            try tree.add("package/\(name)", content, replacing: true)
        }
    }

    /// The permissions of a file or folder; nil where it came from a requirement.
    private static func mode(_ path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : nil
    }
}
