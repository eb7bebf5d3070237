import Client
import Foundation
import Testing

@Suite struct FaastenLoginsTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func environment(_ variables: [String: String] = [:]) -> ClientEnvironment { folder.environment(variables) }

    private func write(_ text: String) throws { try folder.write(text, to: ".config/fstn/credentials") }

    @Test func aTokenIsStoredForItsServerAndUserAndForNobodyElse() throws {
        var logins = try FaastenLogins(environment: environment())
        try logins.save("A", of: "default", at: "http://h:1")
        try logins.save("B", of: "alice/app", at: "http://h:1")
        let again = try FaastenLogins(environment: environment())
        #expect(again.token(of: "default", at: "http://h:1") == "A")
        #expect(again.token(of: "alice/app", at: "http://h:1") == "B")
        #expect(again.token(of: "bob", at: "http://h:1") == nil && again.token(of: "default", at: "http://h:2") == nil)
        #expect(try folder.mode(".config/fstn/credentials") == 0o600)
    }

    @Test func theNamesOfThisMachineAreOneServer() throws {
        try write("['http://localhost:80']\ndefault = 'A'\n")
        let logins = try FaastenLogins(environment: environment())
        #expect(logins.token(of: "default", at: "http://127.0.0.1:80") == "A")
    }

    @Test func aLoneTokenCountsForEverybody() throws {
        try write("['http://a']\ntoken = 'A'\n['http://b']\ntoken = 'B'\nalice = 'C'\n")
        let logins = try FaastenLogins(environment: environment())
        #expect(logins.token(of: "anybody", at: "http://a") == "A")
        #expect(logins.token(of: "anybody", at: "http://b") == nil)
    }

    @Test func aDamagedFileIsRefusedWithItsLine() throws {
        try write("server = 'x'\n[x\n")
        let error = #expect(throws: ClientError.self) { try FaastenLogins(environment: environment()) }
        #expect(error?.message.contains("credentials`, line 2: ") == true)
    }

    @Test func flagsWinOverTheEnvironmentAndThatOverTheFile() throws {
        try write("[global]\nserver = 'http://file/'\n['http://file']\ndefault = 'F'\n")
        let variables = ["FSTN_SERVER": "http://environment", "FSTN_USER": "alice"]
        let flag = try FaastenAccount.resolve(server: "flag:1", user: "bob", in: environment(variables))
        #expect(flag.server == "http://flag:1" && flag.user == "bob" && flag.origin == .nowhere)
        let variable = try FaastenAccount.resolve(server: nil, user: nil, in: environment(variables))
        #expect(variable.server == "http://environment" && variable.user == "alice")
        let file = try FaastenAccount.resolve(server: nil, user: nil, in: environment())
        #expect(file.server == "http://file" && file.token == "F" && file.origin == .credentials)
    }

    @Test func whoHasNoTokenIsTheOperatorOfTheServerOnThisMachineOnly() throws {
        let data = "\(folder.path)/data"
        try folder.write("ADMIN\n", to: "data/admin.token")
        try LocalServer(url: "http://127.0.0.1:5", data: data).announce(in: environment())
        let here = try FaastenAccount.resolve(server: nil, user: nil, in: environment())
        #expect(here.server == "http://127.0.0.1:5" && here.token == "ADMIN")
        #expect(here.origin == .administrator(path: "\(data)/admin.token"))
        #expect(try FaastenAccount.resolve(server: "localhost:5", user: "faasten", in: environment()).token == "ADMIN")
        #expect(try FaastenAccount.resolve(server: nil, user: "alice", in: environment()).token == nil)
        #expect(try FaastenAccount.resolve(server: "http://elsewhere", user: nil, in: environment()).token == nil)
    }
}
