import ArgumentParser
import Client
import Packages
import Platform

/// What a function is to have in `package/`, beside what it brings.
struct RequirementOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("A file that names what package/ is to hold, as pip has it.", valueName: "file"),
        completion: .file())
    var requirements: String?
    @Option(help: ArgumentHelp("The Python whose pip fetches requirements.", valueName: "python"))
    var pipPython = "python3"

    /// Fetches what is asked for into `package/`; nothing where nothing is.
    func add(to tree: inout PackageTree) async throws(PackageError) {
        guard let requirements else { return }
        let text: String
        do throws(ClientError) { text = try SourceFile.read(requirements) } catch {
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
}
