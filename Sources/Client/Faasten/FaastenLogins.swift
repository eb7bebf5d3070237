internal import Model

/// The tokens of users of Faasten's servers, in the file of the command `fstn`: a table for each server, a key for each user.
public struct FaastenLogins: Sendable {
    /// Where the file is.
    public let path: String
    private let folder: String
    private var file: TomlFile

    /// Reads the file, where there is one: `fstn/credentials` in `$XDG_CONFIG_HOME`, or in `~/.config`.
    public init(environment: ClientEnvironment = .current) throws(ClientError) {
        folder = (environment["XDG_CONFIG_HOME"] ?? "\(environment.home)/.config") + "/fstn"
        path = "\(folder)/credentials"
        let bytes: [UInt8]
        do { bytes = try PrivateFile.read(path) } catch {
            guard error.isAbsence else { throw .local(error.message) }
            file = TomlFile()
            return
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .local("`\(path)` is not text in UTF-8.")
        }
        do throws(TomlFile.Failure) { file = try TomlFile(parsing: text) } catch {
            throw .local("`\(path)`, line \(error.line): \(error.message).")
        }
    }

    /// The server to use where none is named.
    public var server: String? { file["server"] ?? file["global", "server"] }

    /// The token of a user of a server; nil where there is none. A lone key `token` counts for every user.
    public func token(of user: String, at server: String) -> String? {
        guard let table = table(of: server) else { return nil }
        if let token = file[table, user] { return token }
        return file.keys(of: [table]) == ["token"] ? file[table, "token"] : nil
    }

    /// Stores the token of a user in the place of an older one, with mode 0600.
    public mutating func save(_ token: String, of user: String, at server: String) throws(ClientError) {
        file.set([table(of: server) ?? server], user, to: token)
        do {
            try PrivateFile.makeFolder(folder)
            try PrivateFile.write(Array(file.text.utf8), to: path)
        } catch { throw .local(error.message) }
    }

    /// The table of a server, whose address may be written in several ways.
    private func table(of server: String) -> String? {
        let names = file.tables.filter { $0.count == 1 }.map { $0[0] }
        return names.first { $0 == server }
            ?? names.first { FaastenAccount.areSame($0, server) }
    }
}
