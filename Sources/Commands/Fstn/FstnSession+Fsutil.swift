import ArgumentParser
import Client
import Glibc

/// Operations on files, through the gate `fsutil`.
extension FstnSession {
    /// What an operation answered, as bytes and as JSON.
    struct FileReply {
        var bytes: [UInt8]
        var json: JSON

        var value: JSON { json["value"] ?? .null }
        var succeeded: Bool { json["success"] == true }
        /// What is wrong with what was sent, where the server says so.
        var detail: String? { json["detail"]?.string }
        /// Such as `Denied`.
        var error: String { json["error"]?.string ?? "" }
    }

    /// The call of one operation. Members without a value are left out.
    func call(
        _ operation: String, _ arguments: KeyValuePairs<String, JSON?>, files: [FaastenClient.File] = []
    ) -> FaastenClient.Call {
        let members = arguments.compactMap { name, value in value.map { JSON.Member(name, $0) } }
        let payload: JSON = ["op": .string(operation), "args": .object(members)]
        var call = FaastenClient.Call(gate: fsutil, payload: Array(payload.compact.utf8))
        call.files = files
        return call
    }

    /// Asks for an operation, and takes what it answers, good or bad.
    func ask(_ verb: String, _ call: FaastenClient.Call) async throws -> FileReply {
        let reply = try await invoke(verb, call)
        guard reply.status < 400 else {
            try await finish(verb, reply)
            throw ExitCode.failure
        }
        let bytes = try await reply.bytes()
        guard let json = try? JSON(parsing: bytes) else {
            throw ClientError.local("`\(fsutil)` answered something that is no JSON: is it the gate fsutil?")
        }
        return FileReply(bytes: bytes, json: json)
    }

    /// Asks for an operation, says what came of it, and writes the answer to standard output as it is.
    func tell(_ verb: String, _ call: FaastenClient.Call) async throws {
        let reply = try await ask(verb, call)
        show(verb, reply)
        Console.out(bytes: reply.bytes)
        if isatty(STDOUT_FILENO) == 1 { Console.out("") }
        if !reply.succeeded { throw ExitCode.failure }
    }

    /// What a file holds.
    func read(_ path: String) async throws -> [UInt8] {
        let reply = try await ask("Reading", call("read", ["path": .string(path)]))
        guard reply.succeeded, let bytes = reply.value.string.flatMap(Base64.decode) else {
            throw Self.notFound(reply.error)
        }
        show("Reading", reply)
        return bytes
    }

    /// Says that something could not be read. Whether it exists may be a secret.
    static func notFound(_ error: String) -> ExitCode {
        Console.error(["DoesNotExist", ""].contains(error) ? "Not found" : "Not found (\(error))")
        return .failure
    }

    func show(_ verb: String, _ reply: FileReply) {
        if reply.succeeded { return StatusLine.show(verb, "OK") }
        StatusLine.show(verb, reply.error)
        if let hint = reply.detail ?? Self.hint(for: reply.error) { Console.error(hint) }
    }

    /// What somebody can do about a refusal.
    static func hint(for error: String) -> String? {
        switch error {
        case "LinkExists": "The name is taken. `register` and `put-blob` have --replace; `fstn fs unlink` frees a name."
        case "Denied": "The labels forbid it. `swiftlet labels explain FROM TO` tells why data may not flow."
        case "DoesNotExist": "There is nothing at that path, or nothing that you may know of."
        case "QuotaExceeded": "What you store would be more than the server's limit for you."
        case "Malformed": "An argument is not what it must be; `fstn help` tells what each one is."
        default: nil
        }
    }
}
