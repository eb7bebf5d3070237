import ArgumentParser
import Client

struct FaasmFileUpload: FaasmClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "files.upload", abstract: "Store a file as the shared file faasm://PATH.")

    @Argument(help: "The file.", completion: .file()) var path: String
    @Argument(help: "The path among the shared files.") var sharedPath: String
    @Option(help: "The user whose functions share it.") var user = "python"
    @OptionGroup var place: FaasmPlace
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaasmClient) async throws(ClientError) -> (Outcome, Int32) {
        try await client.setFile(user, sharedPath, try SourceFile.bytes(path))
        return (.message("faasm://\(sharedPath) is stored."), 0)
    }
}

struct FaasmFileDownload: FaasmClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "files.download", abstract: "Fetch the shared file faasm://PATH.")

    @Argument(help: "The path among the shared files.") var sharedPath: String
    @Argument(help: "The file.", completion: .file()) var path: String
    @Option(help: "The user whose functions share it.") var user = "python"
    @OptionGroup var place: FaasmPlace
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaasmClient) async throws(ClientError) -> (Outcome, Int32) {
        try SourceFile.write(try await client.file(user, sharedPath), to: path)
        return (.message("faasm://\(sharedPath) is in \(path)."), 0)
    }
}

struct FaasmFileDelete: FaasmClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "files.delete", abstract: "Delete the shared file faasm://PATH.")

    @Argument(help: "The path among the shared files.") var sharedPath: String
    @Option(help: "The user whose functions share it.") var user = "python"
    @OptionGroup var place: FaasmPlace
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaasmClient) async throws(ClientError) -> (Outcome, Int32) {
        try await client.deleteFile(user, sharedPath)
        return (.message("faasm://\(sharedPath) is deleted."), 0)
    }
}
