import Model
import Storage
import Testing

@Suite struct TokenConformanceTests {
    @Test(arguments: Driver.allCases)
    func `a token is found by the hash of its secret until it is revoked`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            let first = Token(
                id: samples.id(), name: "admin", hash: [UInt8](repeating: 1, count: 32),
                scopes: Set(TokenScope.allCases), createdAt: samples.now)
            let second = Token(
                id: samples.id(), name: "", hash: [UInt8](repeating: 2, count: 32), scopes: [], createdAt: samples.now,
                expiresAt: samples.tick())
            try await store.add(second)
            try await store.add(first)
            #expect(try await store.tokens() == [first, second])
            #expect(try await store.tokens(after: nil, limit: 1) == [first])
            #expect(try await store.tokens(after: first.id, limit: 5) == [second])
            #expect(try await store.tokens(after: second.id, limit: 5) == [])
            #expect(try await store.token(hash: first.hash) == first)
            #expect(try await store.token(hash: []) == nil)
            #expect(try await store.token(second.id) == second)
            #expect(try await store.revoke(first.id))
            #expect(try await store.revoke(first.id) == false)
            #expect(try await store.token(hash: first.hash) == nil)
            #expect(try await store.token(first.id) == nil)
            #expect(try await store.tokens() == [second])
        }
    }

    @Test(arguments: Driver.allCases)
    func `tokens are found by whom they act as, oldest first`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            let tokens = ["ann", nil, "ann/app", "ann"].enumerated().map { index, principal in
                Token(
                    id: samples.id(), name: "t", hash: [UInt8(index)], scopes: [], principal: principal,
                    createdAt: samples.now)
            }
            for token in tokens.reversed() { try await store.add(token) }
            #expect(try await store.tokens(of: "ann") == [tokens[0], tokens[3]])
            #expect(try await store.tokens(of: "bob") == [])
        }
    }

    @Test(arguments: Driver.allCases)
    func `a token with a known id or hash is refused`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            let token = Token(id: samples.id(), name: "a", hash: [1], scopes: [.run], createdAt: samples.now)
            try await store.add(token)
            var (sameID, sameHash) = (token, token)
            sameID.hash = [2]
            sameHash.id = samples.id()
            for twin in [sameID, sameHash] {
                #expect(await refusal { try await store.add(twin) } == .alreadyExists)
            }
            #expect(try await store.tokens() == [token])
        }
    }
}
