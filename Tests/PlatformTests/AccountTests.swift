import Model
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Platform

struct AccountTests {
    private let start = Timestamp(microseconds: 1_000_000_000)

    @Test func `a bucket lets a minute's requests through at once, and then as they are filled up`() {
        var bucket = TokenBucket(ratePerMinute: 3, at: start)
        for _ in 0..<3 {
            let wait = bucket.take(at: start, 3)
            #expect(wait == nil)
        }
        let refused = bucket.take(at: start, 3)
        #expect(refused == 20)
        let still = bucket.take(at: start + .milliseconds(19_500), 3)
        #expect(still == 1)
        let passed = bucket.take(at: start + .seconds(21), 3)
        #expect(passed == nil)
        let backwards = bucket.take(at: start, 3)
        #expect(backwards != nil)
    }

    @Test func `wrong passwords make the next try wait, longer each time, and are forgotten`() {
        var throttle = SignInThrottle(places: 1)
        for _ in 0..<SignInThrottle.freeTries {
            let wait = throttle.begin("a", at: start)
            #expect(wait == nil)
        }
        let first = throttle.begin("a", at: start)
        #expect(first == 1)
        let passed = throttle.begin("a", at: start + .seconds(1))
        #expect(passed == nil)
        let second = throttle.begin("a", at: start + .seconds(1))
        #expect(second == 2)
        throttle.succeeded("a")
        let free = throttle.begin("a", at: start + .seconds(1))
        #expect(free == nil)
        for second in 2..<2000 { _ = throttle.begin("a", at: start + .seconds(second)) }
        let long = throttle.begin("a", at: start + .seconds(2000))
        #expect(long.map { $0 <= 60 } ?? true)
        let later = throttle.begin("a", at: start + .seconds(2000) + SignInThrottle.memory + .seconds(61))
        #expect(later == nil)
    }

    @Test func `patterns match names of their own application only`() throws {
        func matches(_ pattern: String, _ name: String, _ application: String? = nil) throws -> Bool {
            let namespace = try application.map { try Namespace($0) } ?? .default
            return try #require(FunctionPattern(pattern)).matches(
                FunctionKey(namespace: namespace, name: try FunctionName(name)))
        }
        #expect(try matches("a", "a") && !matches("a", "ab") && !matches("a", "a", "app"))
        #expect(try matches("a*", "ab") && matches("*", "x") && !matches("*", "x", "app"))
        #expect(try matches("app/*", "x", "app") && !matches("app/*", "x") && matches("app/x", "x", "app"))
        for text in ["", "/", "a/", "/a", "a/b/c", "a*b", "a b", "*/a"] { #expect(FunctionPattern(text) == nil) }
    }

    @Test func `a revoked administrator's token does not come back, and the next start makes a new one`() async throws {
        let fixture = try PlatformFixture()
        let (tokens, folder) = (fixture.platform.tokens, fixture.folder)
        try await tokens.ensureAdministrator(folder: folder.path)
        let old = try folder.read(TokenKeeper.adminFileName)
        let access = try await tokens.verify(old.dropLast())
        #expect(try await tokens.revoke(access.account))
        await #expect(throws: PlatformError.self) { _ = try await tokens.verify(old.dropLast()) }
        try await tokens.ensureAdministrator(folder: folder.path)
        await #expect(throws: PlatformError.self) { _ = try await tokens.verify(old.dropLast()) }
        let new = try folder.read(TokenKeeper.adminFileName)
        #expect(new != old && folder.mode(of: TokenKeeper.adminFileName) == 0o600)
        try await tokens.verify(new.dropLast()).require(.admin)
    }

    @Test func `uses are stored in batches, and at the latest when the server stops`() async throws {
        let fixture = try PlatformFixture({ $0.tokenUseInterval = .seconds(3600) })
        let (token, secret) = try await fixture.platform.tokens.issue(name: "a", scopes: [.run])
        try await fixture.withServices { _ = try await fixture.platform.tokens.verify(secret) }
        let stored = try await fixture.store.tokens()
        #expect(stored.map(\.id) == [token.id] && stored[0].lastUsedAt != nil)
    }

    @Test func `a right password is not hashed again for each request`() async throws {
        let fixture = try PlatformFixture()
        let users = fixture.platform.users
        _ = try await users.add("ann", password: "correct horse", scopes: [.run], functions: nil)
        #expect(try users.remembered("ann", "correct horse") == nil)
        let access = try await fixture.platform.signIn(user: "ann", password: "correct horse")
        #expect(try access.actor == "user ann" && users.remembered("ann", "correct horse") == access)
        #expect(
            try users.remembered("ann", "correct horsE") == nil && users.remembered("ann\0c", "orrect horse") == nil)
        _ = try await users.update("ann", password: nil, scopes: [.read], functions: nil)
        #expect(try users.remembered("ann", "correct horse") == nil)
        #expect(try await fixture.store.users()[0].password.hasPrefix("$scrypt$16$"))
    }

    @Test func `after some wrong passwords a user must wait, whoever he is`() async throws {
        let clock = Mutex(start)
        let platform = try PlatformFixture(time: TimeSource { clock.withLock { $0 } }).platform
        _ = try await platform.users.add("ann", password: "correct horse", scopes: [.run], functions: nil)
        _ = try await platform.users.add("bob", password: "battery staple", scopes: [.run], functions: nil)
        _ = try await platform.signIn(user: "bob", password: "battery staple")
        for name in ["ann", "bob", "nobody"] {
            for _ in 0..<SignInThrottle.freeTries {
                await #expect { _ = try await platform.signIn(user: name, password: "wrong horse") } throws: {
                    ($0 as? PlatformError)?.code == .unauthenticated
                }
            }
            await #expect { _ = try await platform.signIn(user: name, password: "correct horse") } throws: {
                ($0 as? PlatformError)?.code == .rateLimited && ($0 as? PlatformError)?.retryAfterSeconds == 1
            }
        }
        try await platform.signIn(user: "bob", password: "battery staple").require(.run)
        clock.withLock { $0 = start + .seconds(1) }
        try await platform.signIn(user: "ann", password: "correct horse").require(.run)
    }

    @Test func `a rotation that was broken off is gone on with`() async throws {
        let folder = try TemporaryFolder()
        let vault = try ContextVault(folder: folder.path)
        let id = UUID7(high: 1, low: 2)
        let old = try vault.seal("A=1", function: id, version: 1)
        try vault.beginRotation()
        let new = try vault.seal("A=1", function: id, version: 1)
        let again = try ContextVault(folder: folder.path)
        #expect(again.hasOldKeys)
        #expect(try again.open(old, function: id, version: 1) == "A=1")
        #expect(try again.reseal(new, function: id, version: 1) == nil)
        let resealed = try #require(try again.reseal(old, function: id, version: 1))
        try again.endRotation()
        let after = try ContextVault(folder: folder.path)
        #expect(!after.hasOldKeys && folder.mode(of: ContextVault.keyFileName) == 0o600)
        #expect(try after.open(resealed, function: id, version: 1) == "A=1")
        #expect(throws: PlatformError.self) { try after.open(old, function: id, version: 1) }
    }

    @Test func `an operator's key takes the place of the server's own`() async throws {
        let (folder, elsewhere) = (try TemporaryFolder(), try TemporaryFolder())
        let id = UUID7(high: 1, low: 2)
        let old = try ContextVault(folder: folder.path).seal("A=1", function: id, version: 1)
        let path = "\(elsewhere.path)/key"
        try SecretFile(path: path).replace(Array((String(repeating: "0f", count: 32) + "\n").utf8))
        let vault = try ContextVault(folder: folder.path, keyFile: path)
        let resealed = try #require(try vault.reseal(old, function: id, version: 1))
        try vault.endRotation()
        #expect(folder.mode(of: ContextVault.keyFileName) == nil)
        let after = try ContextVault(folder: folder.path, keyFile: path)
        #expect(try after.open(resealed, function: id, version: 1) == "A=1")
        #expect(throws: PlatformError.self) { try after.beginRotation() }
        for text in ["", "0f", "x\n", String(repeating: "0f", count: 31)] {
            try SecretFile(path: path).replace(Array(text.utf8))
            #expect(throws: PlatformError.self) { try ContextVault(folder: folder.path, keyFile: path) }
        }
    }
}
