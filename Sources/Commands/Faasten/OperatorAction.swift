import ArgumentParser
import Client

/// A command that acts as the operator of the labelled file system, `faasten`, with the administrator's token.
protocol OperatorAction: AsyncParsableCommand {
    func perform(_ session: FstnSession) async throws
}

extension OperatorAction {
    func run() async throws {
        try await FstnFailure.reporting { try await FstnSession.withOperator(perform) }
    }
}

extension FstnSession {
    /// Runs `body` as the operator of the server that the profile names, else of the one on this machine.
    static func withOperator<Result>(_ body: (FstnSession) async throws -> Result) async throws -> Result {
        let connection = try Connection.resolve()
        let account = FaastenAccount(
            server: connection.address, user: FaastenAccount.operatorName, token: nil,
            origin: .administrator(path: connection.origin))
        return try await FaastenClient.with(connection) { client in
            try await body(FstnSession(client: client, account: account))
        }
    }
}
