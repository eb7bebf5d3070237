import ArgumentParser
import Client

struct FaasmStateUpload: FaasmClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "state.upload", abstract: "Set a key to a file's bytes.")

    @Argument(help: "The user.") var user: String
    @Argument(help: "The key.") var key: String
    @Argument(help: "The file.", completion: .file()) var path: String
    @OptionGroup var place: FaasmPlace
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaasmClient) async throws(ClientError) -> (Outcome, Int32) {
        try await client.setState(user, key, try SourceFile.bytes(path))
        return (.message("\(user)/\(key) is set."), 0)
    }
}

struct FaasmStateDownload: FaasmClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "state.download", abstract: "Write a key's value to a file.")

    @Argument(help: "The user.") var user: String
    @Argument(help: "The key.") var key: String
    @Argument(help: "The file.", completion: .file()) var path: String
    @OptionGroup var place: FaasmPlace
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaasmClient) async throws(ClientError) -> (Outcome, Int32) {
        try SourceFile.write(try await client.state(user, key), to: path)
        return (.message("\(user)/\(key) is in \(path)."), 0)
    }
}

struct FaasmStateList: FaasmClientCommand {
    static let configuration = CommandConfiguration(commandName: "state.list", abstract: "List the keys of a user.")

    @Argument(help: "The user.") var user: String
    @OptionGroup var place: FaasmPlace
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaasmClient) async throws(ClientError) -> (Outcome, Int32) {
        let keys = try await client.stateKeys(user)
        return (.text(keys.joined(separator: "\n"), json: .array(keys.map { .string($0) })), 0)
    }
}

struct FaasmStateDelete: FaasmClientCommand {
    static let configuration = CommandConfiguration(commandName: "state.delete", abstract: "Delete a key.")

    @Argument(help: "The user.") var user: String
    @Argument(help: "The key.") var key: String
    @OptionGroup var place: FaasmPlace
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaasmClient) async throws(ClientError) -> (Outcome, Int32) {
        try await client.deleteState(user, key)
        return (.message("\(user)/\(key) is deleted."), 0)
    }
}
