import ArgumentParser
import Client

/// `swiftlet faasten`: what operators of Faasten's servers know.
struct FaastenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faasten", abstract: "Look after the labelled file system as its operator, faasten.",
        discussion: "They ask the running server, with the administrator's token. `fstn -u faasten` has the rest.",
        subcommands: [
            FaastenInit.self, FaastenMint.self, FaastenList.self, FaastenFacetedList.self, FaastenRead.self,
            FaastenDelete.self, FaastenMakeDirectory.self, FaastenCreateBlob.self, FaastenCollect.self,
            FaastenGenerateKeyPair.self, FaastenUpdatePython.self, FaastenUpdateFsutil.self,
        ])
}

struct FaastenInit: OperatorAction {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make what is missing of the operator's home, and show what the server offers.",
        discussion: "The server makes all of it at its start, so there is seldom anything to do.")

    func perform(_ session: FstnSession) async throws {
        let reply = try await session.client.delegate(FaastenAccount.operatorName, bootstrap: true)
        guard reply.isSuccess else { return try await session.finish("Preparing", reply) }
        _ = try await reply.bytes()
        session.show("Preparing", reply)
        let operatorName = FaastenAccount.operatorName
        try await session.tell("Listing", session.call("list-dir", ["path": .string("home:<T,\(operatorName)>")]))
    }
}

struct FaastenList: OperatorAction {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the names in a directory.")

    @Argument(help: "The path of the directory.") var path: String

    func perform(_ session: FstnSession) async throws {
        try await session.tell("Listing", session.call("list-dir", ["path": .string(path)]))
    }
}

struct FaastenFacetedList: OperatorAction {
    static let configuration = CommandConfiguration(
        commandName: "faceted-list", abstract: "Show the facets of a faceted directory that the operator may see.")

    @Argument(help: "The path of the faceted directory.") var path: String

    func perform(_ session: FstnSession) async throws {
        try await session.tell("Listing", session.call("list-faceted", ["path": .string(path)]))
    }
}

struct FaastenRead: OperatorAction {
    static let configuration = CommandConfiguration(commandName: "read", abstract: "Print a file.")

    @Argument(help: "The path of the file.") var path: String

    func perform(_ session: FstnSession) async throws { Console.out(bytes: try await session.read(path)) }
}

struct FaastenDelete: OperatorAction {
    static let configuration = CommandConfiguration(commandName: "delete", abstract: "Remove a name.")

    @Argument(help: "The path.") var path: String

    func perform(_ session: FstnSession) async throws {
        try await session.tell("Deleting", session.call("delete", ["path": .string(path)]))
    }
}

struct FaastenMakeDirectory: OperatorAction {
    static let configuration = CommandConfiguration(commandName: "mkdir", abstract: "Make a directory.")

    @Argument(help: "The path of the directory.") var path: String
    @Argument(help: "Its label.") var label: String

    func validate() throws { try LabelWords.check(label: label, "LABEL") }

    func perform(_ session: FstnSession) async throws {
        try await session.tell(
            "Making", session.call("create-dir", ["path": .string(path), "label": .string(label)]))
    }
}

struct FaastenCreateBlob: OperatorAction {
    static let configuration = CommandConfiguration(
        commandName: "create-blob", abstract: "Upload a file as a blob, and give it a name.")

    @Argument(help: "The file.", completion: .file()) var local: String
    @Argument(help: "The path of the blob.") var path: String
    @Argument(help: "The blob's label.") var label: String

    func validate() throws { try LabelWords.check(label: label, "LABEL") }

    func perform(_ session: FstnSession) async throws {
        try await session.tell(
            "Uploading", try FstnFiles.put(session, local, path, label: label, replace: false))
    }
}
