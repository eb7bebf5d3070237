import Testing

@testable import Client

@Suite struct ConnectionTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func announce(_ url: String, token: String = "secret") throws {
        try folder.write(token + "\n", to: "server-data/admin.token")
        try LocalServer(url: url, data: "\(folder.path)/server-data").announce(in: folder.environment())
    }

    private func profiles(_ text: String) throws { try folder.write("faaspot: \(text)", to: ".faaspot/fasconf.yaml") }

    private func resolve() throws -> Connection { try Connection.resolve(in: folder.environment()) }

    @Test func withoutAnythingTheUsualAddressIsTried() throws {
        let connection = try resolve()
        #expect(connection.address == "http://127.0.0.1:8080")
    }

    @Test func theAnnouncedServerIsFoundWithItsToken() throws {
        try announce("http://127.0.0.1:9999")
        let connection = try resolve()
        #expect(connection.address == "http://127.0.0.1:9999")
        #expect(connection.credentials == .token("secret"))
    }

    @Test func theTokenOfTheUsualDataFolderIsFound() throws {
        try folder.write("abc", to: "data/swiftlet/admin.token")
        #expect(try resolve().credentials == .token("abc"))
    }

    @Test func aDataFolderThatIsNamedWins() throws {
        try announce("http://127.0.0.1:9999")
        try folder.write("other", to: "other/admin.token")
        let connection = try Connection.resolve(in: folder.environment(["SWIFTLET_DATA": "\(folder.path)/other"]))
        #expect(connection.address == "http://127.0.0.1:8080")
        #expect(connection.credentials == .token("other"))
        let same = try Connection.resolve(in: folder.environment(["SWIFTLET_DATA": "\(folder.path)/server-data"]))
        #expect(same.address == "http://127.0.0.1:9999")
    }

    @Test func aProfileHasTheDocumentedDefaults() throws {
        try profiles("{profile: a, profiles: {a: {username: u, password: p}}}")
        let connection = try resolve()
        #expect(connection.address == "https://localhost:443")
        #expect(connection.prefix == "v1")
        #expect(connection.credentials?.header == "Basic dTpw")
    }

    @Test func aProfileThatOnlyHasATokenMeansTheAnnouncedServer() throws {
        try announce("http://127.0.0.1:9999")
        try profiles("{profile: a, profiles: {a: {token: mine, username: u, password: p}}}")
        let connection = try resolve()
        #expect(connection.address == "http://127.0.0.1:9999")
        #expect(connection.credentials?.header == "Token mine")
    }

    @Test func aProfileOfTheAnnouncedServerNeedsNeitherProtocolNorToken() throws {
        try announce("http://127.0.0.1:9999")
        try profiles("{profile: a, profiles: {a: {host: localhost, port: 9999}}}")
        let connection = try resolve()
        #expect(connection.address == "http://localhost:9999")
        #expect(connection.credentials == .token("secret"))
    }

    @Test func theLocalTokenIsSentToNoOtherServer() throws {
        try announce("http://127.0.0.1:9999")
        try profiles("{profile: a, profiles: {a: {host: example.org, port: 9999, protocol: http}}}")
        #expect(try resolve().credentials == nil)
        try profiles("{profile: a, profiles: {a: {host: 127.0.0.1, port: 9998, protocol: http}}}")
        #expect(try resolve().credentials == nil)
    }

    @Test(arguments: ["{profile: '', profiles: {a: {token: t}}}", "{profile: b, profiles: {a: {token: t}}}"])
    func profilesOfWhichNoneIsActiveAreAnError(_ text: String) throws {
        try profiles(text)
        let error = #expect(throws: ClientError.self) { try resolve() }
        #expect(error?.report == "Failed. Missing profile. Please use `fas profiles -h` command")
    }

    @Test(arguments: [
        ("http://127.0.0.1:80", "127.0.0.1", 80), ("https://h", "h", 443), ("http://[::1]:8080/x", "::1", 8080),
        ("http://[::1]", "::1", 80),
    ])
    func addressesAreParsed(_ url: String, _ host: String, _ port: Int) throws {
        let address = try #require(Connection.Address(url))
        #expect(address.host == host && address.port == port)
    }

    @Test(arguments: ["", "h:80", "ftp://h", "http://", "http://h:x"])
    func whatIsNoAddressIsRefused(_ url: String) { #expect(Connection.Address(url) == nil) }
}
