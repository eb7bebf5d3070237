import Crypto
import Identity
import Logging
public import Model
public import ServiceLifecycle
public import Storage
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Checks API tokens. Only their hashes are stored; verified ones are remembered for a short time.
public final class TokenKeeper: Service {
    /// The file in the data folder that holds the administrator's token.
    public static let adminFileName = "admin.token"

    static let maximumSecretBytes = 512
    static let maximumRemembered = 10_000
    private static let secretBytes = 32

    private struct Remembered {
        var access: Access
        var hash: [UInt8]
        var expiresAt: Timestamp?
        var ratePerMinute: Int?
        var until: Timestamp
    }

    private struct State {
        var remembered: [SHA256.Digest: Remembered] = [:]
        var rates = RequestRates()
        /// Uses that are not stored yet.
        var used: [UUID7: Timestamp] = [:]
        /// Counts revocations, so that what was read before one is not remembered after it.
        var generation = 0

        /// What a token that is remembered allows now; nil: look it up.
        mutating func access(
            _ digest: SHA256.Digest, _ now: Timestamp, generation read: Int?
        ) throws(PlatformError) -> Access? {
            guard let known = remembered[digest], read != nil || now < known.until else { return nil }
            // The digest compares in constant time, so that the time tells nothing of a stored hash.
            guard digest == known.hash else { throw refused }
            guard known.expiresAt.map({ now < $0 }) ?? true else { throw expired }
            used[known.access.account] = now
            try rates.take(known.access.account, known.ratePerMinute, at: now, as: "token")
            return known.access
        }
    }

    let store: any TokenStore
    let time: TimeSource
    private let cacheDuration: Duration
    private let useInterval: Duration
    private let logger: Logger
    private let state = Mutex(State())

    init(
        store: any TokenStore, time: TimeSource, cacheDuration: Duration, useInterval: Duration, logger: Logger
    ) {
        self.store = store
        self.time = time
        self.cacheDuration = cacheDuration
        self.useInterval = useInterval
        self.logger = logger
    }

    /// The access that a secret gives. `rateLimited` where its token was used too often.
    public func verify(_ secret: some StringProtocol) async throws(PlatformError) -> Access {
        guard !secret.isEmpty, secret.utf8.count <= Self.maximumSecretBytes else { throw refused }
        let digest = SHA256.hash(data: Array(secret.utf8))
        let now = time.now()
        let (known, generation) = try state.withLock { state throws(PlatformError) in
            (try state.access(digest, now, generation: nil), state.generation)
        }
        if let known { return known }
        let token = try await PlatformError.storing { try await store.token(hash: Array(digest)) }
        guard let token else { throw refused }
        return try state.withLock { state throws(PlatformError) in
            let isCurrent = state.generation == generation
            if state.remembered.count >= Self.maximumRemembered { state.remembered.removeAll(keepingCapacity: true) }
            state.remembered[digest] = Remembered(
                access: Access(token), hash: token.hash, expiresAt: token.expiresAt,
                ratePerMinute: token.ratePerMinute, until: now + cacheDuration)
            defer { if !isCurrent { state.remembered[digest] = nil } }
            guard let access = try state.access(digest, now, generation: generation) else { throw refused }
            return access
        }
    }

    /// So many tokens at most, oldest first, with their last uses; only those behind the one of this id.
    public func tokens(after: UUID7? = nil, limit: Int) async throws(PlatformError) -> [Token] {
        await noteUses()
        return try await PlatformError.storing { try await store.tokens(after: after, limit: limit) }
    }

    /// Makes a token and returns it with its secret, which is shown this once. `principal` is the text of a component.
    public func issue(
        name: String, scopes: Set<TokenScope>, functions: [FunctionPattern]? = nil, principal: String? = nil,
        expiresAt: Timestamp? = nil, ratePerMinute: Int? = nil, maximumBodyBytes: Int? = nil
    ) async throws(PlatformError) -> (token: Token, secret: String) {
        let secret = Self.makeSecret()
        var draft = draft(secret, name: name, scopes: scopes)
        draft.functions = functions
        draft.principal = try Access.canonical(principal)
        draft.expiresAt = expiresAt
        draft.ratePerMinute = ratePerMinute
        draft.maximumBodyBytes = maximumBodyBytes
        let token = draft
        try await PlatformError.storing { try await store.add(token) }
        return (token, secret)
    }

    /// Ends a token's life, at once. False: there is none of that id.
    public func revoke(_ id: UUID7) async throws(PlatformError) -> Bool {
        let existed = try await PlatformError.storing { try await store.revoke(id) }
        state.withLock { state in
            state.generation += 1
            state.remembered = state.remembered.filter { $0.value.access.account != id }
            state.rates.forget(id)
            state.used[id] = nil
        }
        return existed
    }

    /// Makes sure that the token in the data folder's file opens everything; makes both at the first start, and where the
    /// file's token was revoked.
    public func ensureAdministrator(folder: String) async throws(PlatformError) {
        let file = SecretFile(path: "\(folder)/\(Self.adminFileName)")
        let bytes = try file.readOrCreate { Array("\(Self.makeSecret())\n".utf8) }
        var secret = String(decoding: bytes.prefix { $0 > 0x20 }, as: UTF8.self)
        guard secret.utf8.count >= 16 else {
            throw PlatformError(
                .internalFailure,
                "`\(folder)/\(Self.adminFileName)` holds no token of 16 characters or more; remove it to have one made."
            )
        }
        let hash = Array(SHA256.hash(data: Array(secret.utf8)))
        let (known, wasRevoked) = try await PlatformError.storing {
            (try await store.token(hash: hash), try await store.wasRevoked(hash: hash))
        }
        guard known == nil else { return }
        if wasRevoked {
            secret = Self.makeSecret()
            try file.replace(Array("\(secret)\n".utf8))
            logger.notice("the administrator's token was revoked; there is a new one")
        }
        let token = draft(secret, name: "admin", scopes: [.admin])
        try await PlatformError.storing { try await store.add(token) }
    }

    // MARK: Service

    /// Stores last uses now and then, until the server stops.
    public func run() async throws {
        let pause = useInterval
        while (try? await cancelWhenGracefulShutdown({ try await Task.sleep(for: pause) })) != nil {
            await noteUses()
        }
        await noteUses()
    }

    /// Stores the last uses that are known by now.
    func noteUses() async {
        let used = state.withLock { state in
            defer { state.used = [:] }
            return state.used
        }
        guard !used.isEmpty else { return }
        do { try await store.noteUse(used) } catch {
            logger.warning("last uses of tokens could not be stored", metadata: ["error": "\(error)"])
            state.withLock { $0.used.merge(used) { later, _ in later } }
        }
    }

    private func draft(_ secret: String, name: String, scopes: Set<TokenScope>) -> Token {
        let now = time.now()
        return Token(
            id: time.makeID(at: now), name: name, hash: Array(SHA256.hash(data: Array(secret.utf8))), scopes: scopes,
            createdAt: now)
    }

    /// 256 random bits in letters, digits, `-` and `_`, with a prefix by which scanners find a leaked one.
    private static func makeSecret() -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var generator = SystemRandomNumberGenerator()
        let body = (0..<(secretBytes * 8 + 5) / 6).map { _ in digits[Int.random(in: 0..<64, using: &generator)] }
        return "swl_" + String(decoding: body, as: UTF8.self)
    }
}

/// The one answer to every credential that opens nothing.
let refused = PlatformError(.unauthenticated, "Invalid token.")
/// The same for a token whose time is over, for faces that tell it apart.
private let expired = PlatformError(.unauthenticated, "Invalid token.", cause: TokenRefusal.expired)
