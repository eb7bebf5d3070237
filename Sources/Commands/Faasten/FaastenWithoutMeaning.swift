import ArgumentParser

/// A command of Faasten's operators that has nothing to do here, and says why.
protocol CommandWithoutMeaning: ParsableCommand {
    static var reason: String { get }
}

extension CommandWithoutMeaning {
    func run() { Console.error(Self.reason) }
}

struct FaastenGenerateKeyPair: CommandWithoutMeaning {
    static let reason =
        "The server makes its key pair at its first start; the public key is the file home:<T,faasten>:public_key."
    static let configuration = CommandConfiguration(
        commandName: "gen-keypair", abstract: "Nothing to do: the server makes its keys at its first start.")

    @Argument(help: .hidden) var words: [String] = []
}

struct FaastenUpdatePython: CommandWithoutMeaning {
    static let reason = "The Python of functions is part of Swiftlet: install another version of it to change that."
    static let configuration = CommandConfiguration(
        commandName: "update-python", abstract: "Nothing to do: the runtime is part of Swiftlet.")

    @Argument(help: .hidden) var words: [String] = []
}

struct FaastenUpdateFsutil: CommandWithoutMeaning {
    static let reason = "The function fsutil is part of the server: install another version of Swiftlet to change it."
    static let configuration = CommandConfiguration(
        commandName: "update-fsutil", abstract: "Nothing to do: fsutil is part of the server.")

    @Argument(help: .hidden) var words: [String] = []
}
