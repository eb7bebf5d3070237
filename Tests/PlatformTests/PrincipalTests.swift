import Glibc
import Identity
import Labels
import Model
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Platform

/// Whom accounts act as, and what users' requests are bounded by.
struct PrincipalTests {
    @Test func `accounts act as whom they are bound to, or nobody`() async throws {
        let tokens = try PlatformFixture().platform.tokens
        func principal(_ text: String?, _ scopes: Set<TokenScope>) async throws -> String? {
            let (_, secret) = try await tokens.issue(name: "a", scopes: scopes, principal: text)
            return try await tokens.verify(secret).principal?.description
        }
        #expect(try await principal(nil, [.admin]) == "faasten")
        #expect(try await principal("alice", [.admin]) == "alice")
        #expect(try await principal(nil, [.read, .run, .deploy]) == nil)
        #expect(try await principal("b&a|a/x", []) == "a/x&b", "a token keeps the canonical text")
        #expect(Access.local.principal == nil)
        await #expect(throws: PlatformError.self) { _ = try await principal("", [.run]) }
    }

    @Test func `a stored principal that cannot be read is nobody's, not the operator's`() {
        let time = Timestamp(microseconds: 1)
        let id = UUID7(high: 0, low: 0)
        let token = Token(id: id, name: "a", hash: [1], scopes: [.admin], principal: "a|", createdAt: time)
        #expect(Access(token).principal == nil)
        for (name, principal) in [("ann", "ann"), ("a,b", #"a\,b"#), ("T", #"\T"#), ("faasten", nil)] {
            let user = User(id: id, name: name, password: "", scopes: [.admin], createdAt: time, updatedAt: time)
            #expect(Access(user).principal?.description == principal)
        }
    }

    @Test func `of those who sign in the oldest sign-ins end, and their tokens with them`() async throws {
        let clock = Mutex(Timestamp(microseconds: 1_000_000_000))
        let fixture = try PlatformFixture(time: TimeSource { clock.withLock { $0 } })
        let tokens = fixture.platform.tokens
        let principal = try #require(Access.principal(ofUser: "ann"))
        let (kept, _) = try await tokens.issue(name: "ci", scopes: [.run], principal: principal.description)
        for _ in 0...TokenKeeper.maximumSignIns {
            clock.withLock { $0 = $0 + .seconds(1) }
            _ = try await tokens.signIn(as: principal, lifetime: .seconds(60))
        }
        let own = try await fixture.store.tokens(of: principal.description)
        #expect(own.count == 1 + TokenKeeper.maximumSignIns && own[0] == kept)
        let newest = try #require(own.last?.id)
        #expect(try await tokens.isAlive(newest))
        clock.withLock { $0 = $0 + .seconds(60) }
        #expect(try await !tokens.isAlive(newest))
        #expect(try await tokens.isAlive(kept.id))
        try await tokens.endSignIns(of: principal)
        #expect(try await fixture.store.tokens().map(\.id) == [kept.id])
        #expect(try await !tokens.isAlive(newest))
    }

    @Test func `a user has a rate, also while the password is remembered`() async throws {
        let clock = Mutex(Timestamp(microseconds: 1_000_000_000))
        let platform = try PlatformFixture(time: TimeSource { clock.withLock { $0 } }).platform
        _ = try await platform.users.add(
            "ann", password: "correct horse", scopes: [.run], functions: nil, ratePerMinute: 2, maximumBodyBytes: 7)
        for _ in 0..<2 {
            #expect(try await platform.signIn(user: "ann", password: "correct horse").maximumBodyBytes == 7)
        }
        await #expect { _ = try await platform.signIn(user: "ann", password: "correct horse") } throws: {
            ($0 as? PlatformError)?.code == .rateLimited && ($0 as? PlatformError)?.retryAfterSeconds == 30
        }
        // What is used too often is a login of ours all the same, and must not be passed on.
        let header = "Basic \(Base64.encode(Array("ann:correct horse".utf8)))"
        #expect(await platform.isOwnLogin(authorization: header))
        clock.withLock { $0 = $0 + .seconds(31) }
        _ = try await platform.signIn(user: "ann", password: "correct horse")
        _ = try await platform.users.update(
            "ann", password: nil, scopes: nil, functions: nil, ratePerMinute: .some(nil), maximumBodyBytes: .some(nil))
        for _ in 0..<5 {
            #expect(try await platform.signIn(user: "ann", password: "correct horse").maximumBodyBytes == nil)
        }
    }

    @Test func `the signing key is made once, is private, and is not made anew where it is damaged`() throws {
        let folder = try TemporaryFolder()
        let first = try SigningKey(folder: folder.path)
        #expect(try SigningKey(folder: folder.path).pem == first.pem)
        #expect(folder.mode(of: SigningKey.fileName) == 0o600)
        let damaged = try #require(fopen("\(folder.path)/\(SigningKey.fileName)", "w"))
        fputs("-----BEGIN PRIVATE KEY-----\n", damaged)
        fclose(damaged)
        #expect(throws: PlatformError.self) { try SigningKey(folder: folder.path) }
    }
}
