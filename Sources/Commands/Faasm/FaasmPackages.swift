import ArgumentParser
import Client

struct FaasmSetUpPackage: FaasmClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "python.set-up-package", abstract: "Set pure-Python packages up for all functions.",
        discussion: """
            What is set up is locked by the hashes of its wheels. Functions have it from their next upload of changed code on. This is
            for administrators.
            """)

    @Argument(help: "Requirements, such as `six` or `six==1.17.0`.") var packages: [String] = []
    @Option(help: ArgumentHelp("A file of requirements.", valueName: "path"), completion: .file())
    var requirements: String?
    @OptionGroup var place: FaasmPlace
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaasmClient) async throws(ClientError) -> (Outcome, Int32) {
        var lines = packages
        if let requirements { lines.append(try SourceFile.read(requirements)) }
        return (FaasmPackageList.outcome(try await client.setUpPackages(lines.joined(separator: "\n"))), 0)
    }
}

struct FaasmPackageList: FaasmClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "python.packages", abstract: "List what is set up for all functions.")

    @OptionGroup var place: FaasmPlace
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaasmClient) async throws(ClientError) -> (Outcome, Int32) {
        let lines = try await client.setUpPackages()
        return (.text(lines.compactMap(\.string).joined(separator: "\n"), json: .array(lines)), 0)
    }

    /// What all that is set up came to.
    static func outcome(_ locked: [JSON]) -> Outcome {
        let lines = locked.map { each in
            ["name", "version", "sha256"].map { each[$0]?.string ?? "" }.joined(separator: " ")
        }
        let shown = lines.isEmpty ? ["nothing beyond what is built in"] : lines
        return .text((["Set up for all functions:"] + shown).joined(separator: "\n"), json: .array(locked))
    }
}

struct FaasmRemovePackage: FaasmClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "python.remove-package",
        abstract: "Take a package away from functions that are uploaded from now on.")

    @Argument(help: "The package's name.") var name: String
    @OptionGroup var place: FaasmPlace
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaasmClient) async throws(ClientError) -> (Outcome, Int32) {
        (FaasmPackageList.outcome(try await client.removePackage(name)), 0)
    }
}
