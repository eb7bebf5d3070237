import Crypto
import Labels
public import Model
public import Storage
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Users and their passwords. A password that was right is remembered for a short time by a keyed digest, so that
/// not every request costs what a check does.
public final class UserKeeper: Sendable {
    static let maximumRemembered = 1000
    static let maximumNameBytes = 64
    static let passwordBytes = 8...256

    private struct Remembered {
        var access: Access
        var ratePerMinute: Int?
        var until: Timestamp
    }

    private struct State {
        var remembered: [SHA256.Digest: Remembered] = [:]
        var rates = RequestRates()
        var throttle = SignInThrottle()
        /// Counts changes of users, so that what was read before one is not remembered after it.
        var generation = 0
    }

    private let store: any UserStore
    private let hasher: PasswordHasher
    private let time: TimeSource
    private let cacheDuration: Duration
    private let key = SymmetricKey(size: .bits256)
    private let state = Mutex(State())

    init(store: any UserStore, hasher: PasswordHasher, time: TimeSource, cacheDuration: Duration) {
        self.store = store
        self.hasher = hasher
        self.time = time
        self.cacheDuration = cacheDuration
    }

    /// The access of a user whose password was right a moment ago. `rateLimited` after too many requests.
    func remembered(_ name: String, _ password: String) throws(PlatformError) -> Access? {
        let (digest, now) = (digest(name, password), time.now())
        return try state.withLock { state throws(PlatformError) in
            guard let known = state.remembered[digest], now < known.until else { return nil }
            try state.rates.take(known.access.account, known.ratePerMinute, at: now, as: "user")
            return known.access
        }
    }

    /// The access of a user. `rateLimited` after too many wrong passwords, or requests.
    func verify(_ name: String, _ password: String) async throws(PlatformError) -> Access {
        guard name.utf8.count <= Self.maximumNameBytes, password.utf8.count <= Self.passwordBytes.upperBound else {
            throw refused
        }
        let now = time.now()
        let (wait, generation) = state.withLock { ($0.throttle.begin(name, at: now), $0.generation) }
        if let wait {
            throw PlatformError(
                .rateLimited, "Too many wrong passwords for this user; try again in \(wait) s.", retryAfterSeconds: wait
            )
        }
        let user = try await user(name)
        guard try await hasher.check(password, against: user?.password), let user else {
            let end = time.now()
            state.withLock { $0.throttle.failed(name, at: end) }
            throw refused
        }
        let access = Access(user)
        let digest = digest(name, password)
        try state.withLock { state throws(PlatformError) in
            state.throttle.succeeded(name)
            try state.rates.take(user.id, user.ratePerMinute, at: now, as: "user")
            guard state.generation == generation else { return }
            if state.remembered.count >= Self.maximumRemembered { state.remembered.removeAll() }
            state.remembered[digest] = Remembered(
                access: access, ratePerMinute: user.ratePerMinute, until: now + cacheDuration)
        }
        return access
    }

    public func user(_ name: String) async throws(PlatformError) -> User? {
        try await PlatformError.storing { try await store.user(name) }
    }

    public func users() async throws(PlatformError) -> [User] {
        try await PlatformError.storing { try await store.users() }
    }

    public func add(
        _ name: String, password: String, scopes: Set<TokenScope>, functions: [FunctionPattern]?,
        ratePerMinute: Int? = nil, maximumBodyBytes: Int? = nil
    ) async throws(PlatformError) -> User {
        let isName =
            (1...Self.maximumNameBytes).contains(name.utf8.count)
            && name.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: "/") }
        guard isName else {
            throw PlatformError(
                .invalidRequest,
                "A user's name must have 1 to \(Self.maximumNameBytes) printable ASCII characters, without blanks, `:` and `/`."
            )
        }
        guard name != Principal.operatorName else {
            throw PlatformError(.invalidRequest, "`\(name)` is whom the server itself acts as; choose another name.")
        }
        try Self.check(password)
        let now = time.now()
        let user = User(
            id: time.makeID(at: now), name: name, password: try await hasher.hash(password), scopes: scopes,
            functions: functions, createdAt: now, updatedAt: now, ratePerMinute: ratePerMinute,
            maximumBodyBytes: maximumBodyBytes)
        do { try await store.add(user) } catch let error as StorageError {
            throw error.code == .alreadyExists
                ? PlatformError(.alreadyExists, "User `\(name)` already exists.") : .storage(error)
        } catch { throw .storage(error) }
        return user
    }

    /// Changes a user; nil leaves a part as it is, `.some(nil)` takes a bound away. Takes effect at once.
    public func update(
        _ name: String, password: String?, scopes: Set<TokenScope>?, functions: [FunctionPattern]??,
        ratePerMinute: Int?? = nil, maximumBodyBytes: Int?? = nil
    ) async throws(PlatformError) -> User {
        guard var user = try await user(name) else { throw Self.missing }
        if let password {
            try Self.check(password)
            user.password = try await hasher.hash(password)
        }
        if let scopes { user.scopes = scopes }
        if let functions { user.functions = functions }
        if let ratePerMinute { user.ratePerMinute = ratePerMinute }
        if let maximumBodyBytes { user.maximumBodyBytes = maximumBodyBytes }
        user.updatedAt = time.now()
        let changed = user
        do { try await store.update(changed) } catch let error as StorageError {
            throw error.code == .notFound ? Self.missing : .storage(error)
        } catch { throw .storage(error) }
        forget(changed.id)
        return changed
    }

    /// Deletes a user, at once.
    public func delete(_ name: String) async throws(PlatformError) {
        let user = try await user(name)
        let existed = try await PlatformError.storing { try await store.deleteUser(name) }
        if let user { forget(user.id) }
        guard existed else { throw Self.missing }
    }

    private func forget(_ id: UUID7) {
        state.withLock { state in
            state.generation += 1
            state.remembered = state.remembered.filter { $0.value.access.account != id }
            state.rates.forget(id)
        }
    }

    private func digest(_ name: String, _ password: String) -> SHA256.Digest {
        let code = HMAC<SHA256>.authenticationCode(for: Data("\(name)\0\(password)".utf8), using: key)
        return SHA256.hash(data: Data(code))
    }

    private static func check(_ password: String) throws(PlatformError) {
        guard passwordBytes.contains(password.utf8.count) else {
            throw PlatformError(
                .invalidRequest,
                "A password must have \(passwordBytes.lowerBound) to \(passwordBytes.upperBound) bytes.")
        }
    }

    private static let missing = PlatformError(.accountNotFound, "There is no such user.")
}
