import ArgumentParser
import Client

struct FsMakeBlob: FsAction {
    static let configuration = CommandConfiguration(
        commandName: "mkblob", abstract: "Upload files as blobs, each under its own name.")

    @ParentCommand var program: FstnCommand
    @ParentCommand var fs: FstnFs
    @OptionGroup var label: FsLabel
    @Argument(help: "The path of the directory.") var base: String
    @Argument(help: "The files.", completion: .file()) var files: [String]

    func operate(_ session: FstnSession) async throws {
        let files = try files.map { FaastenClient.File(FstnFiles.name($0), try .file($0)) }
        try await session.tell(
            "Uploading",
            session.call("mkblob", ["base": .string(base), "label": label.label.map(JSON.string)], files: files))
    }
}

struct FsWrite: FsAction {
    static let configuration = CommandConfiguration(
        commandName: "write", abstract: "Write what is on standard input to a file.")

    @ParentCommand var program: FstnCommand
    @ParentCommand var fs: FstnFs
    @Argument(help: "The path of the file.") var path: String

    /// More is uploaded, for which servers take more.
    private static let maximumInlineBytes = 1 << 20

    func operate(_ session: FstnSession) async throws {
        let bytes = StandardInput.read()
        let isLong = bytes.count > Self.maximumInlineBytes
        let data = isLong ? nil : JSON.string(Base64.encode(bytes))
        try await session.tell(
            "Writing",
            session.call(
                "write", ["path": .string(path), "data": data], files: isLong ? [.init("data", .bytes(bytes))] : []))
    }
}

struct FsRead: FsAction {
    static let configuration = CommandConfiguration(commandName: "read", abstract: "Print a file.")

    @ParentCommand var program: FstnCommand
    @ParentCommand var fs: FstnFs
    @Argument(help: "The path of the file.") var path: String

    func operate(_ session: FstnSession) async throws {
        guard !program.json else {
            return try await session.tell("Reading", session.call("read", ["path": .string(path)]))
        }
        Console.out(bytes: try await session.read(path))
    }
}

struct FsCat: FsAction {
    static let configuration = CommandConfiguration(commandName: "cat", abstract: "Print a blob.")

    @ParentCommand var program: FstnCommand
    @ParentCommand var fs: FstnFs
    @Argument(help: "The path of the blob.") var path: String

    func operate(_ session: FstnSession) async throws {
        let reply = try await session.invoke("Reading", session.call("cat", ["path": .string(path)]))
        guard reply.functionFailed else { return try await session.finish("Reading", reply) }
        let json = try? JSON(parsing: try await reply.bytes())
        throw FstnSession.notFound(json?["error"]?.string ?? "")
    }
}

struct FsInvoke: FsAction {
    static let configuration = CommandConfiguration(
        commandName: "invoke", abstract: "Call a gate or a service with what is on standard input.")

    @ParentCommand var program: FstnCommand
    @ParentCommand var fs: FstnFs
    @Argument(help: "The path of the gate or service.") var path: String
    @Argument(help: ArgumentHelp("Parameters.", valueName: "key=value")) var parameters: [String] = []

    func operate(_ session: FstnSession) async throws {
        let pairs = try Pairs.parsed(parameters)
        let call = session.call(
            "invoke",
            [
                "path": .string(path), "sync": true, "payload": .string(Base64.encode(StandardInput.read())),
                "params": JSON(strings: pairs),
            ])
        let reply = try await session.ask("Invoking", call)
        guard reply.succeeded else {
            session.show("Invoking", reply)
            throw ExitCode.failure
        }
        let called = reply.value
        let hasSucceeded = called["success"] == true
        StatusLine.show("Invoking", hasSucceeded ? "OK" : "failed with status \(called["status"]?.compact ?? "0")")
        if program.json {
            Console.out(called.compact)
        } else {
            Console.out(bytes: called["data"]?.string.flatMap(Base64.decode) ?? [])
        }
        if !hasSucceeded { throw ExitCode.failure }
    }
}
