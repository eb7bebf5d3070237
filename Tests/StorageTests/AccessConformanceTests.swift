import Model
import Storage
import Testing

@Suite struct AccessConformanceTests {
    @Test(arguments: Driver.allCases)
    func `a token keeps all that it has, and when it was used`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            var token = Token(
                id: samples.id(), name: "a", hash: [1], scopes: [.run],
                functions: try ["a", "app/b*"].map { try #require(FunctionPattern($0)) }, principal: "ann/app|bob",
                createdAt: samples.now,
                expiresAt: samples.now, ratePerMinute: 3, maximumBodyBytes: 4)
            try await store.add(token)
            #expect(try await store.token(hash: [1]) == token)
            token.lastUsedAt = samples.tick()
            try await store.noteUse([token.id: samples.now, samples.id(): samples.now])
            #expect(try await store.tokens() == [token])
        }
    }

    @Test(arguments: Driver.allCases)
    func `the hash of a revoked token never comes back`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            var token = Token(id: samples.id(), name: "a", hash: [1], scopes: [.run], createdAt: samples.now)
            try await store.add(token)
            #expect(try await store.wasRevoked(hash: [1]) == false)
            #expect(try await store.revoke(token.id))
            #expect(try await store.wasRevoked(hash: [1]))
            token.id = samples.id()
            let again = token
            #expect(await refusal { try await store.add(again) } == .alreadyExists)
        }
    }

    @Test(arguments: Driver.allCases)
    func `users are found, changed and deleted by name`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            var ann = User(
                id: samples.id(), name: "ann", password: "x", scopes: [.read, .run],
                functions: [try #require(FunctionPattern("*"))], createdAt: samples.now, updatedAt: samples.now,
                ratePerMinute: 5, maximumBodyBytes: 6)
            let zoe = User(
                id: samples.id(), name: "Zoe", password: "y", scopes: [.admin], createdAt: samples.now,
                updatedAt: samples.now)
            try await store.add(ann)
            try await store.add(zoe)
            let twin = ann
            #expect(await refusal { try await store.add(twin) } == .alreadyExists)
            #expect(try await store.users() == [zoe, ann])
            ann.password = "z"
            ann.functions = nil
            ann.scopes = [.deploy]
            ann.ratePerMinute = nil
            ann.maximumBodyBytes = 7
            ann.updatedAt = samples.tick()
            try await store.update(ann)
            #expect(try await store.user("ann") == ann)
            #expect(try await store.user("bob") == nil)
            var other = ann
            other.id = samples.id()
            let stranger = other
            #expect(await refusal { try await store.update(stranger) } == .notFound)
            #expect(try await store.deleteUser("ann"))
            #expect(try await store.deleteUser("ann") == false)
            #expect(try await store.users() == [zoe])
        }
    }

    @Test(arguments: Driver.allCases)
    func `the audit log is read newest first, in pages`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            let entries = (0..<5).map { number in
                AuditEntry(
                    id: samples.id(), time: samples.now, actor: "a", action: "b", subject: "\(number)",
                    detail: number == 0 ? nil : "d")
            }
            for entry in entries { try await store.append(entry) }
            let first = try await store.auditEntries(before: nil, limit: 2)
            #expect(first == [entries[4], entries[3]])
            #expect(try await store.auditEntries(before: first.last?.id, limit: 9) == entries[..<3].reversed())
        }
    }

    @Test(arguments: Driver.allCases)
    func `sealed contexts of all versions are read in pages and replaced where they are as they were`(
        _ driver: Driver
    ) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            var ids: [FunctionID] = []
            for name in ["a", "b", "c"] {
                let function = try samples.function(name)
                var version = samples.version(1, of: function)
                version.sealedContext = name == "b" ? nil : Array(name.utf8)
                ids.append(function.id)
                try await store.create(function, version)
            }
            let all = try await store.sealedContexts(after: nil, limit: 10)
            #expect(Set(all.map(\.function)) == [ids[0], ids[2]])
            let first = try await store.sealedContexts(after: nil, limit: 1)
            #expect(try await store.sealedContexts(after: first[0], limit: 10) == [all[1]])
            var changed = all[1]
            changed.bytes = [9]
            try await store.replace([(all[0], [7]), (changed, [8])])
            #expect(try await store.version(1, of: all[0].function)?.sealedContext == [7])
            #expect(try await store.version(1, of: all[1].function)?.sealedContext == all[1].bytes)
        }
    }
}
