import ArgumentParser
import Client

/// A command of `fstn` that talks to a server.
protocol FstnAction: AsyncParsableCommand {
    var program: FstnCommand { get }
    func perform(_ session: FstnSession) async throws
}

extension FstnAction {
    func run() async throws {
        try await FstnFailure.reporting {
            let account = try program.account()
            try await FaastenClient.with(try account.connection()) { client in
                let session = FstnSession(client: client, account: account)
                session.introduce(isNamed: program.user != nil)
                try await perform(session)
            }
        }
    }
}

/// Tells on standard error why a command failed.
enum FstnFailure {
    static func reporting(_ body: () async throws -> Void) async throws {
        do { try await body() } catch let error as ClientError {
            Console.error("fstn: \(error.message)")
            if let hint = error.hint { Console.error(hint) }
            throw ExitCode.failure
        }
    }
}
