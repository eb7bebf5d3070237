import ArgumentParser
import Client
import Glibc

/// A command at work: the server it talks to, and what it says of the answers.
struct FstnSession {
    let client: FaastenClient
    let account: FaastenAccount
    /// The path of the gate that operations on files go through.
    var fsutil = "~:fsutil"

    /// Says who acts, where nobody was asked.
    func introduce(isNamed: Bool) {
        guard case .administrator = account.origin, !isNamed else { return }
        StatusLine.show(
            "Acting as",
            "\(FaastenAccount.operatorName), the operator of \(account.server) (to be somebody else: fstn login)")
    }

    /// Calls a gate, with a bar for its files.
    func invoke(_ verb: String, _ call: FaastenClient.Call) async throws -> FaastenReply {
        let bar = ProgressBar(verb)
        defer { bar.clear() }
        return try await client.invoke(call) { bar.update($0, of: $1) }
    }

    /// Says what came of a request, and writes its body to standard output as it is.
    func finish(_ verb: String, _ reply: FaastenReply) async throws {
        show(verb, reply)
        try await copyBody(of: reply)
        try check(reply)
    }

    /// Throws the exit code of a request that did not succeed.
    func check(_ reply: FaastenReply) throws {
        if reply.status >= 400 || reply.functionFailed { throw ExitCode.failure }
    }

    func show(_ verb: String, _ reply: FaastenReply) {
        StatusLine.show(verb, Self.status(of: reply))
        if reply.status == 401 { Console.error(signInHint) }
    }

    private var signInHint: String {
        switch account.origin {
        case .nowhere: "There is no token of `\(account.user)` for \(account.server): sign in with `fstn login`."
        case .credentials:
            "The token of `\(account.user)` is not accepted, or does not reach so far; sign in with `fstn login`."
        case .administrator(let path): "The administrator's token is not accepted (\(path))."
        }
    }

    static func status(of reply: FaastenReply) -> String {
        if reply.status == 200 { return reply.functionFailed ? "the function failed" : "OK" }
        return reply.reason.isEmpty ? "\(reply.status)" : "\(reply.status) \(reply.reason)"
    }

    private func copyBody(of reply: FaastenReply) async throws {
        let bar = ProgressBar("Receiving", isShown: isatty(STDERR_FILENO) == 1 && isatty(STDOUT_FILENO) == 0)
        defer { bar.clear() }
        var done = 0
        var last: UInt8?
        try await reply.receive { (bytes) throws(ClientError) in
            Console.out(bytes: bytes)
            done += bytes.count
            last = bytes.last ?? last
            bar.update(done, of: reply.length)
        }
        // A prompt behind the body would be hard to read; a file gets nothing that was not sent.
        if isatty(STDOUT_FILENO) == 1, let last, last != UInt8(ascii: "\n") { Console.out("") }
    }
}
