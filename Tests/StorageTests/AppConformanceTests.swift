import Model
import Storage
import Testing

@Suite struct AppConformanceTests {
    @Test(arguments: Driver.allCases)
    func `apps are kept by owner and number, the newest of a number only`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            let (one, other) = (samples.id(), samples.id())
            func app(_ owner: UUID7, _ number: Int64, _ seconds: Int, _ text: String) -> App {
                App(owner: owner, number: number, createdAt: samples.now + .seconds(seconds), record: Array(text.utf8))
            }
            for each in [app(one, 1, 0, "a"), app(one, 2, 1, "b"), app(other, 1, 2, "c"), app(one, 1, 3, "d")] {
                try await store.put(each)
            }
            #expect(try await store.app(1, of: one) == app(one, 1, 3, "d"))
            #expect(try await store.apps(of: one, limit: 10).map(\.number) == [1, 2])
            #expect(try await store.apps(of: one, limit: 1).map(\.number) == [1])
            try await store.deleteApps([1], of: one)
            #expect(try await store.app(1, of: one) == nil)
            #expect(try await store.app(1, of: other) == app(other, 1, 2, "c"))
            #expect(try await store.pruneApps(createdBefore: samples.now + .seconds(2)) == 1)
            #expect(try await store.apps(of: one, limit: 10).isEmpty)
        }
    }

    @Test(arguments: Driver.allCases)
    func `what came of a call is found by it, in the order of numbers`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            let root = try samples.ended()
            var chained: [Execution] = []
            for number in [Int32(2), 1, 3] {
                var execution = try samples.ended()
                execution.root = root.id
                execution.parent = root.id
                execution.callNumber = number
                chained.append(execution)
            }
            try await store.record([root] + chained)
            let found = try await store.executions(ofRoot: root.id)
            #expect(found.map(\.callNumber) == [1, 2, 3])
            #expect(found.allSatisfy { $0.input.isEmpty && $0.logs.isEmpty && $0.output != nil })
            #expect(try await store.executions(ofRoot: chained[0].id).isEmpty)
        }
    }
}
