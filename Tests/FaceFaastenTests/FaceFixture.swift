import Blobs
import Callbacks
import FaceFaasten
import Foundation
import Gatehouse
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Identity
import LabelledFiles
import Labels
import Logging
import Model
import NIOCore
import Platform
import PlatformHTTP
import Storage
import Synchronization
import TestSupport

/// The surface on a platform with scripted sandboxes, asked without a network, at a time that a test sets.
struct FaceFixture {
    let platform: PlatformFixture
    let gatehouse: Gatehouse
    let key = SigningKey()
    let clock: Clock
    var configuration = FaastenFace.Configuration()
    private let folder: Folder

    /// The time now, in seconds since 1970.
    final class Clock: Sendable {
        private let state = Mutex(Int64(1_800_000_000))

        var now: Timestamp { Timestamp(microseconds: state.withLock { $0 } * 1_000_000) }
        func pass(_ seconds: Int64) { state.withLock { $0 += seconds } }
    }

    /// A folder of blobs that goes away with the fixture.
    private final class Folder: Sendable {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-\(UUID())").path

        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    init() async throws {
        let clock = Clock()
        self.clock = clock
        folder = Folder()
        platform = try PlatformFixture(time: TimeSource { clock.now })
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let blobs = try BlobFolder(path: folder.path)
        let functions = GateFunctions(platform: platform.platform, blobs: blobs, logger: logger)
        let files = try await LabelledFiles.open(
            store: platform.store, blobs: blobs, maximumBytesPerOwner: 64 << 20,
            objection: { await functions.objection(to: $0, $1) }, now: { clock.now })
        let keys = SigningKeys(publicPEM: Array(key.verifyingKey.pem.utf8), privatePEM: Array(key.pem.utf8))
        gatehouse = try await Gatehouse.open(
            platform: platform.platform, files: files, functions: functions, sender: nil,
            configuration: GatehouseConfiguration(keys: keys), logger: logger)
        configuration.maximumRequestBodyBytes = 4096
        configuration.maximumUploadBytes = 1 << 20
    }

    struct Answer: Sendable {
        var status: Int
        var headers: HTTPFields
        var body: String

        /// A member of a JSON object that is text.
        func member(_ name: String) -> String? {
            let object = try? JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]
            return object?[name] as? String
        }

        var error: String? { member("error") }
    }

    typealias Ask = @Sendable (HTTPRequest.Method, String, String?, HTTPFields) async throws -> Answer

    /// Runs `body` with a function that sends requests.
    func test<T: Sendable>(_ body: @escaping @Sendable (@escaping Ask) async throws -> T) async throws -> T {
        var paths = PathTable()
        FaastenFace(
            platform: platform.platform, gatehouse: gatehouse, key: key, sender: HTTPSender(allowsPrivate: true),
            configuration: configuration
        ).add(to: &paths)
        return try await Application(responder: paths).test(.router) { client in
            try await body { method, uri, text, headers in
                try await client.execute(
                    uri: uri, method: method, headers: headers, body: text.map { ByteBuffer(string: $0) }
                ) { Answer(status: $0.status.code, headers: $0.headers, body: String(buffer: $0.body)) }
            }
        }
    }

    static let password = "correct horse"

    func addUser(_ name: String) async throws {
        _ = try await platform.platform.users.add(name, password: Self.password, scopes: [.read], functions: nil)
    }

    /// The secret of a token that acts as a component.
    func token(_ principal: String?, scopes: Set<TokenScope> = [], expiresIn seconds: Int? = nil) async throws -> String
    {
        try await platform.platform.tokens.issue(
            name: "test", scopes: scopes, principal: principal, expiresAt: seconds.map { clock.now + .seconds($0) }
        ).secret
    }

    /// A signed token for a component.
    func identity(_ principal: String) throws -> String {
        try IdentityToken(for: Component(parsing: principal), now: clock.now).signed(with: key)
    }

    static func bearer(_ token: String) -> HTTPFields { [.authorization: "Bearer \(token)"] }

    static let json = "application/json"

    static func signIn(_ name: String, password: String = Self.password) -> String {
        #"{"username": "\#(name)", "password": "\#(password)"}"#
    }
}
