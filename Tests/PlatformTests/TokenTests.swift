import Model
import Platform
import Storage
import Synchronization
import TestSupport
import Testing

struct TokenTests {
    @Test func `the administrator's token is made once and opens everything`() async throws {
        let fixture = try PlatformFixture()
        let (tokens, folder) = (fixture.platform.tokens, fixture.folder)
        try await tokens.ensureAdministrator(folder: folder.path)
        let secret = try folder.read(TokenKeeper.adminFileName)
        try await tokens.ensureAdministrator(folder: folder.path)
        #expect(try folder.read(TokenKeeper.adminFileName) == secret)
        #expect(folder.mode(of: TokenKeeper.adminFileName) == 0o600)
        #expect(try await fixture.store.tokens().count == 1)
        #expect(secret.hasPrefix("swl_") && secret.hasSuffix("\n") && secret.count == 4 + 43 + 1)
        let access = try await tokens.verify(secret.dropLast())
        for scope in TokenScope.allCases { try access.require(scope) }
        #expect(try await fixture.store.tokens().allSatisfy { !$0.hash.isEmpty && $0.hash != Array(secret.utf8) })
    }

    @Test func `a wrong, empty or endless token is refused alike`() async throws {
        let tokens = try PlatformFixture().platform.tokens
        for secret in ["", "swl_wrong", String(repeating: "x", count: 100_000)] {
            await #expect { _ = try await tokens.verify(secret) } throws: {
                ($0 as? PlatformError)?.code == .unauthenticated
            }
        }
    }

    @Test func `scopes bound what a token may do`() async throws {
        let tokens = try PlatformFixture().platform.tokens
        let (_, secret) = try await tokens.issue(name: "runner", scopes: [.read, .run])
        let access = try await tokens.verify(secret)
        try access.require(.run)
        #expect { try access.require(.deploy) } throws: { error in
            (error as? PlatformError)?.message
                == "This needs a token with the scope `deploy`; the given one has: read, run."
        }
    }

    @Test func `a revoked token is refused at once, an expired one when its time is over`() async throws {
        let clock = Mutex(Timestamp(microseconds: 1_000_000))
        let time = TimeSource { clock.withLock { $0 } }
        let tokens = try PlatformFixture(time: time).platform.tokens
        let (token, secret) = try await tokens.issue(name: "a", scopes: [.run])
        _ = try await tokens.verify(secret)
        #expect(try await tokens.revoke(token.id))
        await #expect(throws: PlatformError.self) { _ = try await tokens.verify(secret) }
        let (_, short) = try await tokens.issue(
            name: "b", scopes: [.run], expiresAt: Timestamp(microseconds: 2_000_000))
        _ = try await tokens.verify(short)
        clock.withLock { $0 = Timestamp(microseconds: 2_000_000) }
        await #expect(throws: PlatformError.self) { _ = try await tokens.verify(short) }
    }
}
