import Foundation
import Testing

@testable import Client

@Suite struct LocalServerTests {
    private let folder: TemporaryFolder
    private let server: LocalServer

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("token\n", to: "server-data/admin.token")
        server = LocalServer(url: "http://127.0.0.1:1", data: "\(folder.path)/server-data")
    }

    @Test func anAnnouncementIsForItsOwnerOnly() throws {
        try server.announce(in: folder.environment())
        #expect(LocalServer.discover(in: folder.environment()) == server)
        #expect(try folder.mode("runtime/swiftlet") == 0o700)
        #expect(try folder.mode("runtime/swiftlet/server.json") == 0o600)
    }

    @Test func aFolderOpenToOthersIsRefused() throws {
        try FileManager.default.createDirectory(
            atPath: "\(folder.path)/runtime/swiftlet", withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o777])
        #expect(throws: ClientError.self) { try server.announce(in: folder.environment()) }
    }

    @Test func aFileThatOthersMayWriteDoesNotCount() throws {
        try server.announce(in: folder.environment())
        let path = "\(folder.path)/runtime/swiftlet/server.json"
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: path)
        #expect(LocalServer.discover(in: folder.environment()) == nil)
    }

    @Test func aLinkDoesNotCount() throws {
        try server.announce(in: folder.environment())
        let path = "\(folder.path)/runtime/swiftlet/server.json"
        try FileManager.default.moveItem(atPath: path, toPath: "\(folder.path)/elsewhere.json")
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "\(folder.path)/elsewhere.json")
        #expect(LocalServer.discover(in: folder.environment()) == nil)
    }

    @Test func withdrawingLeavesTheAnnouncementOfAnother() throws {
        let environment = folder.environment()
        try server.announce(in: environment)
        let other = LocalServer(url: "http://127.0.0.1:2", data: server.data)
        try other.announce(in: environment)
        server.withdraw(in: environment)
        #expect(LocalServer.discover(in: environment) == other)
        other.withdraw(in: environment)
        #expect(LocalServer.discover(in: environment) == nil)
    }

    @Test func withoutARuntimeFolderTheUsersNumberNamesOne() {
        let environment = ClientEnvironment(variables: [:], home: "/h", user: 7)
        #expect(LocalServer.runtimeFolder(in: environment) == "/tmp/swiftlet-7")
        #expect(LocalServer.dataFolders(in: environment) == ["/h/.local/share/swiftlet", "/var/lib/swiftlet"])
    }
}
