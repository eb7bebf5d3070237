import ArgumentParser
import Client

struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Look after the key that contexts are encrypted with.",
        subcommands: [KeyRotate.self])
}

struct KeyRotate: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Encrypt all contexts with a new key and destroy the old one.",
        discussion: """
            The running server does this, while calls go on. If it is stopped meanwhile, its next start goes on with it; both \
            keys are in the data folder until all contexts have the new one.

            Where the key is in a file of yours (serve --context-key-file), put the new key above the old one in it instead, \
            and start the server again.
            """)

    @OptionGroup var common: CommonOptions

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome {
        let answer = try await client.rotateKeys()
        return .text("Contexts encrypted with a new key: \(answer["contexts"]?.compact ?? "0")", json: answer)
    }
}
