import ArgumentParser
import Client
import Glibc
import Server

/// Where a server keeps its data and where it listens.
struct ServerPlace: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The folder that holds everything. (default: $SWIFTLET_DATA, or ~/.local/share/swiftlet)", valueName: "dir"),
        completion: .directory)
    var data: String?

    @Option(help: ArgumentHelp("The address to listen at. (default: 127.0.0.1:8080)", valueName: "host:port"))
    var listen: String?

    /// The configuration of a server at this place, with more settings by name.
    func configuration(_ more: [String: String]) throws(ConfigurationError) -> ServerConfiguration {
        var flags = more
        flags["data"] = data
        flags["listen"] = listen
        let environment = ClientEnvironment.current
        var configuration = try ServerConfiguration(
            flags: flags, environment: environment.variables, dataFolder: LocalServer.dataFolders(in: environment)[0])
        configuration.dataFolder = absolute(configuration.dataFolder)
        return configuration
    }

    /// Others who read the announcement are in other folders.
    private func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/"), let folder = getcwd(nil, 0) else { return path }
        defer { free(folder) }
        return "\(String(cString: folder))/\(path)"
    }
}
