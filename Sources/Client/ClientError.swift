/// Why a command or a request did not succeed.
public struct ClientError: Error, Hashable, Sendable {
    /// Where the failure arose.
    public enum Kind: Hashable, Sendable {
        /// The server answered with another status than 200.
        case refused(status: Int, reason: String)
        /// No answer came: no connection, no trust in the certificate, a lost connection.
        case connection
        /// An execution that was waited for ended as `Failure` or `Cancelled`.
        case execution
        /// Nothing was sent: a bad argument, a missing file or profile; or waiting took too long.
        case local
    }

    public var kind: Kind
    public var message: String
    /// The server's own name for the failure, such as `execution_failed`.
    public var errorCode: String?
    /// The Python traceback of the function that failed.
    public var serverTraceback: String?
    /// What the user can do, in whole sentences.
    public var hint: String?

    public init(
        _ kind: Kind, _ message: String, errorCode: String? = nil, serverTraceback: String? = nil, hint: String? = nil
    ) {
        self.kind = kind
        self.message = message
        self.errorCode = errorCode
        self.serverTraceback = serverTraceback
        self.hint = hint
    }

    /// A failure on this side of the connection.
    public static func local(_ message: String, hint: String? = nil) -> ClientError {
        ClientError(.local, message, hint: hint)
    }
}

extension ClientError: CustomStringConvertible {
    /// `404 (Not Found): Not found.` for an answer of the server, else the message alone.
    public var description: String {
        guard case .refused(let status, let reason) = kind else { return message }
        return reason.isEmpty ? "\(status): \(message)" : "\(status) (\(reason)): \(message)"
    }

    /// The lines that the `fas` command prints for this failure.
    public var report: String {
        switch kind {
        case .refused: "Failed to run command. \nException: \(description)"
        case .connection:
            "Failed to connect to FaaSpot server. \nPlease verify connection parameters. \nException: \(description)"
        case .execution: message
        case .local: "Failed. \(message)"
        }
    }

    /// The failure for programs: what `--json` prints.
    public var json: JSON {
        var status = JSON.null
        if case .refused(let code, _) = kind { status = .number(String(code)) }
        return [
            "message": .string(message), "status": status, "error_code": errorCode.map(JSON.string) ?? .null,
            "server_traceback": serverTraceback.map(JSON.string) ?? .null,
        ]
    }
}
