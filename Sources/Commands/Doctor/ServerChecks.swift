import Client
import Glibc
import Server

/// What a server would find when it starts with these settings.
struct ServerChecks {
    private let data: String
    private let host: String
    private let port: UInt16

    init(_ configuration: ServerConfiguration) {
        data = configuration.dataFolder
        host = configuration.host
        port = UInt16(clamping: configuration.port)
    }

    var findings: [Finding] { [dataFolder, listening] }

    private var dataFolder: Finding {
        let name = "Data folder"
        var information = stat()
        guard stat(data, &information) == 0 else {
            return MissingFolder.canBeMade(data)
                ? .good(name, "\(data) will be made at the first start")
                : .broken(
                    name, "\(data) cannot be made",
                    advice: "Make it writable for this user, or choose another: `--data DIR`.")
        }
        guard information.st_mode & S_IFMT == S_IFDIR else {
            return .broken(name, "\(data) is no folder", advice: "Choose another: `--data DIR`.")
        }
        guard access(data, W_OK | X_OK) == 0 else {
            return .broken(
                name, "\(data) is not writable", advice: "`chown` it to this user, or choose another: `--data DIR`.")
        }
        guard information.st_mode & 0o077 == 0 else {
            return .weak(name, "\(data) can be read by other users of this machine", advice: "`chmod 700 \(data)`")
        }
        return .good(name, data)
    }

    private var listening: Finding {
        let name = "Address"
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return .broken(name, "no network sockets", advice: "Allow IPv4 sockets.") }
        defer { close(descriptor) }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        guard inet_pton(AF_INET, host == "localhost" ? "127.0.0.1" : host, &address.sin_addr) == 1 else {
            return .weak(
                name, "\(host):\(port) was not tried: only IPv4 addresses are", advice: "See whether the server starts."
            )
        }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if result == 0 { return .good(name, "\(host):\(port) is free") }
        if errno == EADDRINUSE, let server = LocalServer.discover(), server.url.hasSuffix(":\(port)") {
            return .good(name, "a Swiftlet server listens at \(server.url)")
        }
        return .broken(
            name, "\(host):\(port): \(String(cString: strerror(errno)))",
            advice: "Choose another: `--listen 127.0.0.1:PORT`.")
    }
}
