import Glibc

/// A server of this user on this machine. It announces itself when it starts, so that `fas` needs no set-up:
/// in `$XDG_RUNTIME_DIR/swiftlet/server.json`, else `/tmp/swiftlet-UID/server.json`, and in its own data folder.
public struct LocalServer: Hashable, Sendable {
    /// Where it listens, such as `http://127.0.0.1:8080`.
    public var url: String
    /// Its data folder, absolute. The administrator's token is in there.
    public var data: String

    public init(url: String, data: String) {
        self.url = url
        self.data = data
    }

    /// Where a server listens that was given no address.
    public static let defaultURL = "http://127.0.0.1:8080"

    /// The file in the data folder that holds the administrator's token.
    public static let tokenFileName = "admin.token"

    static let announcementFileName = "server.json"

    /// Writes the announcements. Call it once the server listens; a failure is worth a warning, no more.
    public func announce(in environment: ClientEnvironment = .current) throws(ClientError) {
        let folder = Self.runtimeFolder(in: environment)
        do {
            try PrivateFile.makeFolder(folder)
            guard let status = PrivateFile.status(folder), status.isFolder, status.owner == environment.user,
                status.mode & 0o077 == 0
            else {
                throw ClientError.local(
                    "`\(folder)` must be a folder of yours with mode 0700; remove it, or set XDG_RUNTIME_DIR.")
            }
            let content = Array(
                (JSON.object([.init("url", .string(url)), .init("data", .string(data))]).compact + "\n").utf8)
            try PrivateFile.write(content, to: "\(folder)/\(Self.announcementFileName)")
            try PrivateFile.write(content, to: "\(data)/\(Self.announcementFileName)")
        } catch let failure as PrivateFile.Failure {
            throw ClientError.local(failure.message)
        } catch let error as ClientError {
            throw error
        } catch {
            throw ClientError.local("\(error)")
        }
    }

    /// Removes the announcements, unless another server has written its own since.
    public func withdraw(in environment: ClientEnvironment = .current) {
        for folder in [Self.runtimeFolder(in: environment), data] {
            let path = "\(folder)/\(Self.announcementFileName)"
            if Self.read(path, user: environment.user) == self { unlink(path) }
        }
    }

    /// The announced server: the one of `SWIFTLET_DATA` where that is set, else the one that started last.
    public static func discover(in environment: ClientEnvironment = .current) -> LocalServer? {
        let folder = environment["SWIFTLET_DATA"] ?? runtimeFolder(in: environment)
        return read("\(folder)/\(announcementFileName)", user: environment.user)
    }

    /// The administrator's token of the announced server, else of the first usual data folder that has one.
    public static func adminToken(
        of server: LocalServer?, in environment: ClientEnvironment = .current
    ) -> (token: String, path: String)? {
        let folders = server.map { [$0.data] } ?? dataFolders(in: environment)
        for folder in folders {
            let path = "\(folder)/\(tokenFileName)"
            guard let bytes = try? PrivateFile.read(path),
                let line = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).first
            else { continue }
            return (String(line), path)
        }
        return nil
    }

    /// How to reach this server as its administrator.
    public func administration(in environment: ClientEnvironment = .current) throws(ClientError) -> Connection {
        guard let address = Connection.Address(url), let (token, _) = Self.adminToken(of: self, in: environment) else {
            throw .local("The server at `\(url)` left no token in `\(data)`.")
        }
        return Connection(
            transport: address.transport, host: address.host, port: address.port, credentials: .token(token),
            origin: "the server at \(data)")
    }

    /// Where a server keeps its data, the first choice first.
    public static func dataFolders(in environment: ClientEnvironment = .current) -> [String] {
        if let folder = environment["SWIFTLET_DATA"] { return [folder] }
        let shared = environment["XDG_DATA_HOME"] ?? "\(environment.home)/.local/share"
        var folders = ["\(shared)/swiftlet", "\(environment.home)/.local/share/swiftlet", "/var/lib/swiftlet"]
        if folders[0] == folders[1] { folders.remove(at: 0) }
        return folders
    }

    package static func runtimeFolder(in environment: ClientEnvironment) -> String {
        environment["XDG_RUNTIME_DIR"].map { "\($0)/swiftlet" } ?? "/tmp/swiftlet-\(environment.user)"
    }

    /// A file that somebody else could have written would let him collect tokens, so it does not count.
    private static func read(_ path: String, user: UInt32) -> LocalServer? {
        guard let (bytes, status) = try? PrivateFile.readWithStatus(path, flags: O_NOFOLLOW),
            status.isTrusted(by: user),
            let json = try? JSON(parsing: bytes), let url = json["url"]?.string, let data = json["data"]?.string
        else { return nil }
        return LocalServer(url: url, data: data)
    }
}
