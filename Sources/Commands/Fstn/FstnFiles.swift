import ArgumentParser
import Client

struct FstnPutBlob: FstnAction {
    static let configuration = CommandConfiguration(
        commandName: "put-blob", abstract: "Upload a file as a blob, and give it a name.")

    @ParentCommand var program: FstnCommand
    @Argument(help: "The file.", completion: .file()) var local: String
    @Argument(help: "The path of the blob.") var path: String
    @Argument(help: "The blob's label.") var label: String
    @Flag(help: "Where the name is taken by a blob, put this one in its place; its label stays.") var replace = false

    func validate() throws { try LabelWords.check(label: label, "LABEL") }

    func perform(_ session: FstnSession) async throws {
        try await session.tell(
            "Uploading", try FstnFiles.put(session, local, path, label: label, replace: replace))
    }
}

struct FstnListDir: FstnAction {
    static let configuration = CommandConfiguration(
        commandName: "list-dir", abstract: "Show the names in a directory.")

    @ParentCommand var program: FstnCommand
    @Argument(help: "The path of the directory.") var path: String

    func perform(_ session: FstnSession) async throws {
        try await session.tell("Listing", session.call("list-dir", ["path": .string(path)]))
    }
}

struct FstnListFaceted: FstnAction {
    static let configuration = CommandConfiguration(
        commandName: "list-faceted",
        abstract: "Show the facets of a faceted directory that you may see, with their names.")

    @ParentCommand var program: FstnCommand
    @Argument(help: "The path of the faceted directory.") var path: String

    func perform(_ session: FstnSession) async throws {
        try await session.tell("Listing", session.call("list-faceted", ["path": .string(path)]))
    }
}

/// Files of this machine on their way to the server.
enum FstnFiles {
    /// The name of a file without its folders.
    static func name(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// The operation that uploads a file and links it.
    static func put(
        _ session: FstnSession, _ local: String, _ path: String, label: String, replace: Bool
    ) throws(ClientError) -> FaastenClient.Call {
        session.call(
            "create-blob",
            ["path": .string(path), "label": .string(label), "replace": replace ? true : nil],
            files: [.init(name(local), try .file(local))])
    }
}
