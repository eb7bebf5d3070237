import ArgumentParser
import Client

struct FaasLogin: FaasAction {
    static let configuration = CommandConfiguration(commandName: "login", abstract: "Log in to a gateway.")

    @Option(name: .shortAndLong, help: "The user's name.") var username = "admin"
    @Option(name: .shortAndLong, help: "The password, or a token of the server.") var password: String?
    @Flag(name: [.customShort("s"), .long], help: "Read the password from standard input.") var passwordStdin = false
    @Option(help: "How long to wait; taken for scripts' sake.") var timeout: String?
    @OptionGroup var gateway: GatewayOptions

    func perform() async throws {
        guard (password != nil) != passwordStdin else {
            throw ClientError.local("must provide a non-empty password via --password or --password-stdin")
        }
        var password = password ?? ""
        if passwordStdin {
            password = String(decoding: StandardInput.read().prefix { $0 != 0x0A && $0 != 0x0D }, as: UTF8.self)
        }
        guard !password.isEmpty else {
            throw ClientError.local("must provide a non-empty password via --password or --password-stdin")
        }
        let address = gateway.address()
        let credentials = Connection.Credentials.password(user: username, password: password).header
        Console.out("Calling the OpenFaaS server to validate the credentials...")
        try await GatewayClient.with(address, authorization: credentials, trustAll: gateway.trustsAll) { client in
            let answer = try await client.send("GET", "/system/functions")
            guard answer.status != 401 else {
                throw ClientError.local("unable to login, either username or password is incorrect")
            }
            guard answer.isSuccess else { throw GatewayClient.refusal(answer) }
        }
        var logins = try GatewayLogins()
        try logins.save(address, user: username, password: password)
        Console.out("credentials saved for \(username) \(address)")
    }
}

struct FaasLogout: FaasAction {
    static let configuration = CommandConfiguration(commandName: "logout", abstract: "Forget the login of a gateway.")

    @OptionGroup var gateway: GatewayOptions

    func perform() async throws {
        let address = gateway.address()
        var logins = try GatewayLogins()
        guard try logins.remove(address) else {
            throw ClientError.local("no credentials are stored for \(address)")
        }
        Console.out("credentials removed for \(address)")
    }
}
