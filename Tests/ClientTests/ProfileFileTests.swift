import Testing

@testable import Client

@Suite struct ProfileFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func theFileIsMadeAtFirstUseForItsOwnerOnly() throws {
        let file = try ProfileFile.load(in: folder.environment())
        #expect(file.profiles.isEmpty)
        #expect(file.active == nil)
        #expect(try folder.mode(".faaspot/fasconf.yaml") == 0o600)
        #expect(try folder.mode(".faaspot") == 0o700)
        #expect(try folder.read(".faaspot/fasconf.yaml").contains("profiles: {}"))
    }

    @Test func variablesMoveTheFile() throws {
        let environment = folder.environment(["FAASPOT_DIR": "~/other", "FAASPOT_CONFIG": "c.yaml"])
        #expect(try ProfileFile.load(in: environment).path == "\(folder.path)/other/c.yaml")
        #expect(try folder.mode("other/c.yaml") == 0o600)
    }

    @Test func theDocumentedFileIsRead() throws {
        let text = """
            faaspot:
              profile: default
              profiles:
                default: {host: HOST, port: 443, protocol: https, token: T, username: U, password: P, application: APP,
                  ssl_certificate: PATH, ssl_trust_all: false, ssl_enabled: true, api-prefix: v1}
            """
        let file = try ProfileFile(path: "x", text: text)
        #expect(file.active == "default")
        #expect(
            file["default"]
                == Profile(
                    host: "HOST", port: 443, transport: "https", token: "T", username: "U", password: "P",
                    application: "APP", certificate: "PATH", trustAll: false, apiPrefix: "v1"))
    }

    @Test(arguments: [
        "", "faaspot:\n", "faaspot:\n  profile: ''\n  profiles: {}\n", "faaspot: {profile: null, profiles: null}",
    ])
    func emptyFilesHaveNoProfiles(_ text: String) throws {
        let file = try ProfileFile(path: "x", text: text)
        #expect(file.active == nil && file.profiles.isEmpty)
    }

    @Test func theFirstProfileBecomesActiveAndDeletingItLeavesNone() throws {
        var file = try ProfileFile(path: "x", text: "")
        file.set(Profile(token: "1"), for: "a")
        file.set(Profile(token: "2"), for: "b")
        #expect(file.active == "a")
        file.activate("b")
        file.remove("b")
        #expect(file.active == nil)
        #expect(file.profiles.map(\.name) == ["a"])
    }

    @Test func whatIsSavedIsReadAgainEvenWhereItLooksLikeOtherTypes() throws {
        let environment = folder.environment()
        var file = try ProfileFile.load(in: environment)
        let profile = Profile(
            host: "h", port: 8080, token: "12345678901234567890", username: "yes", password: "null: #'\"\n2020-01-01",
            trustAll: true)
        file.set(profile, for: "1e3")
        try file.save()
        let again = try ProfileFile.load(in: environment)
        #expect(again["1e3"] == profile)
        #expect(again.active == "1e3")
        #expect(try folder.read(".faaspot/fasconf.yaml").contains("username: 'yes'"))
    }

    @Test func keysThatAreNotOursStay() throws {
        let text =
            "other: 1\nfaaspot:\n  profile: a\n  extra: x\n  profiles:\n    a: {host: h, ssl_enabled: true, token: t}\n"
        var file = try ProfileFile(path: "x", text: text)
        file.set(try #require(file["a"]).updated(with: Profile(port: 1)), for: "a")
        let again = try file.text
        #expect(again.contains("other: 1") && again.contains("extra: x") && again.contains("ssl_enabled: true"))
        #expect(try ProfileFile(path: "x", text: again)["a"] == Profile(host: "h", port: 1, token: "t"))
    }

    @Test(arguments: ["{port: 0}", "{port: x}", "{protocol: ftp}"])
    func badSettingsAreNamed(_ profile: String) {
        let error = #expect(throws: ClientError.self) {
            try ProfileFile(path: "x", text: "faaspot: {profiles: {mine: \(profile)}}")
        }
        #expect(error?.message.contains("`mine`") == true)
    }

    @Test func brokenYAMLIsReportedWithTheFile() {
        let error = #expect(throws: ClientError.self) { try ProfileFile(path: "the/file", text: "a: [") }
        #expect(error?.message.contains("`the/file`") == true)
    }
}
