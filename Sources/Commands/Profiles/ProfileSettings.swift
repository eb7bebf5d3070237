import ArgumentParser
import Client

/// The settings that `profiles create` and `profiles update` take.
struct ProfileSettings: ParsableArguments {
    @Option(name: .shortAndLong, help: "The user's name.") var username: String?
    @Option(name: .shortAndLong, help: "The user's password.") var password: String?
    @Option(name: .shortAndLong, help: "The API token; it wins over a password.") var token: String?
    @Option(help: "The server's host name.") var host: String?
    @Option(help: "The server's port.") var port: Int?
    @Option(name: .customLong("protocol"), help: "`http` or `https`.") var transport: String?
    @Option(help: "The first part of the API's paths, `v1` where not given.") var apiPrefix: String?
    @Option(help: "The application whose functions to use.") var application: String?

    @Option(help: "A file of certificates (PEM) to trust instead of the system's.", completion: .file())
    var certificate: String?

    @Flag(inversion: .prefixedNo, help: "Accept every certificate.") var trustAll: Bool?

    func validate() throws {
        if let port, !(1...65535).contains(port) { throw ValidationError("--port must be a number from 1 to 65535.") }
        if let transport, transport != "http", transport != "https" {
            throw ValidationError("--protocol must be `http` or `https`.")
        }
    }

    var profile: Profile {
        Profile(
            host: host, port: port, transport: transport, token: token, username: username, password: password,
            application: application, certificate: certificate, trustAll: trustAll, apiPrefix: apiPrefix)
    }
}

extension ProfileFile {
    /// The profile called `name`, or an error that says which there are.
    func existing(_ name: String) throws(ClientError) -> Profile {
        guard let profile = self[name] else {
            let names = profiles.map { "`\($0.name)`" }.joined(separator: ", ")
            throw .local(
                "Profile `\(name)` does not exist. \(names.isEmpty ? "There are none." : "There are: \(names).")")
        }
        return profile
    }
}
