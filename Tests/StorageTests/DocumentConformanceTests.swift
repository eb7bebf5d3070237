import Model
import Storage
import Testing

@Suite struct DocumentConformanceTests {
    @Test(arguments: Driver.allCases)
    func `documents are found by kind and name, replaced and deleted`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            #expect(try await store.document(.build, "a") == nil)
            try await store.save([
                DocumentChange(.build, "b", [1]), DocumentChange(.build, "a", []),
                DocumentChange(.secret, "a", [2, 0, 3]),
            ])
            #expect(try await store.document(.build, "a") == [])
            #expect(try await store.document(.secret, "a") == [2, 0, 3])
            #expect(try await store.documents(.build).map(\.name) == ["a", "b"])
            try await store.save([DocumentChange(.build, "b", [9]), DocumentChange(.build, "a", nil)])
            #expect(try await store.documents(.build).map(\.bytes) == [[9]])
            try await store.save([DocumentChange(.build, "never", nil)])
            #expect(try await store.documents(.namespace).isEmpty)
        }
    }

    @Test(arguments: Driver.allCases)
    func `a version keeps what it was deployed with`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            let function = try samples.function("deployed")
            var version = samples.version(1, of: function)
            var deployment = Deployment(image: "localhost:5000/deployed:latest")
            deployment.environment = ["A": "ü"]
            deployment.secrets = ["key"]
            deployment.limits = .init(memory: "128Mi")
            version.deployment = deployment
            try await store.create(function, version)
            #expect(try await store.version(1, of: function.id)?.deployment == deployment)
        }
    }
}
