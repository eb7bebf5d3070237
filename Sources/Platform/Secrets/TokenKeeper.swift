import Crypto
public import Model
public import Storage
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Checks API tokens. Only their hashes are stored; verified ones are remembered for a short time.
public final class TokenKeeper: Sendable {
    /// The file in the data folder that holds the administrator's token.
    public static let adminFileName = "admin.token"

    static let maximumSecretBytes = 512
    static let maximumRemembered = 10_000
    private static let secretBytes = 32

    private struct Remembered {
        var token: Token
        var until: Timestamp
    }

    private let store: any TokenStore
    private let time: TimeSource
    private let cacheDuration: Duration
    private let remembered = Mutex<[SHA256.Digest: Remembered]>([:])

    init(store: any TokenStore, time: TimeSource, cacheDuration: Duration) {
        self.store = store
        self.time = time
        self.cacheDuration = cacheDuration
    }

    /// The access that a secret gives.
    public func verify(_ secret: some StringProtocol) async throws(PlatformError) -> Access {
        guard !secret.isEmpty, secret.utf8.count <= Self.maximumSecretBytes else { throw Self.refused }
        let digest = SHA256.hash(data: Array(secret.utf8))
        let now = time.now()
        if let known = remembered.withLock({ $0[digest] }), now < known.until {
            return try Self.access(known.token, digest, now)
        }
        let token = try await PlatformError.storing { try await store.token(hash: Array(digest)) }
        guard let token else { throw Self.refused }
        let access = try Self.access(token, digest, now)
        remembered.withLock { remembered in
            if remembered.count >= Self.maximumRemembered { remembered.removeAll(keepingCapacity: true) }
            remembered[digest] = Remembered(token: token, until: now + cacheDuration)
        }
        return access
    }

    /// Makes a token and returns it with its secret, which is shown this once.
    public func issue(
        name: String, scopes: Set<TokenScope>, expiresAt: Timestamp? = nil
    ) async throws(PlatformError) -> (token: Token, secret: String) {
        let secret = Self.makeSecret()
        let token = try await add(secret, name: name, scopes: scopes, expiresAt: expiresAt)
        return (token, secret)
    }

    /// Ends a token's life. False: there is none of that id.
    public func revoke(_ id: UUID7) async throws(PlatformError) -> Bool {
        let existed = try await PlatformError.storing { try await store.revoke(id) }
        remembered.withLock { remembered in remembered = remembered.filter { $0.value.token.id != id } }
        return existed
    }

    /// Makes sure that the token in the data folder's file opens everything; makes both at the first start.
    public func ensureAdministrator(folder: String) async throws(PlatformError) {
        let bytes = try SecretFile(path: "\(folder)/\(Self.adminFileName)").readOrCreate {
            Array("\(Self.makeSecret())\n".utf8)
        }
        let secret = String(decoding: bytes.prefix { $0 > 0x20 }, as: UTF8.self)
        guard secret.utf8.count >= 16 else {
            throw PlatformError(
                .internalFailure,
                "`\(folder)/\(Self.adminFileName)` holds no token of 16 characters or more; remove it to have one made."
            )
        }
        let hash = Array(SHA256.hash(data: Array(secret.utf8)))
        let known = try await PlatformError.storing { try await store.token(hash: hash) }
        if known == nil { _ = try await add(secret, name: "admin", scopes: [.admin], expiresAt: nil) }
    }

    private func add(
        _ secret: String, name: String, scopes: Set<TokenScope>, expiresAt: Timestamp?
    ) async throws(PlatformError) -> Token {
        let now = time.now()
        let token = Token(
            id: time.makeID(at: now), name: name, hash: Array(SHA256.hash(data: Array(secret.utf8))), scopes: scopes,
            createdAt: now, expiresAt: expiresAt)
        try await PlatformError.storing { try await store.add(token) }
        return token
    }

    private static let refused = PlatformError(.unauthenticated, "Invalid token.")

    private static func access(_ token: Token, _ digest: SHA256.Digest, _ now: Timestamp) throws(PlatformError)
        -> Access
    {
        // The digest compares in constant time, so that the time tells nothing of a stored hash.
        guard digest == token.hash, token.expiresAt.map({ now < $0 }) ?? true else { throw refused }
        return Access(token: token.id, scopes: token.scopes)
    }

    /// 256 random bits in letters, digits, `-` and `_`, with a prefix by which scanners find a leaked one.
    private static func makeSecret() -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var generator = SystemRandomNumberGenerator()
        let body = (0..<(secretBytes * 8 + 5) / 6).map { _ in digits[Int.random(in: 0..<64, using: &generator)] }
        return "swl_" + String(decoding: body, as: UTF8.self)
    }
}
