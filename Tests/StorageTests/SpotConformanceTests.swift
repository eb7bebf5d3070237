import Model
import Storage
import Testing

@Suite struct SpotConformanceTests {
    @Test(arguments: Driver.allCases)
    func `spots are kept with the records of their changes`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            #expect(try await store.spots() == nil)
            var roster = SpotRoster(size: SpotSize(minimumWorkers: 1, maximumWorkers: 2))
            let id = samples.id()
            roster.spots = [
                Spot(id: 1, address: SpotAddress(number: 1), state: .creating, createdAt: samples.now)
            ]
            roster.changes = [SpotChange(execution: id, task: .createSpot, made: 1, createdAt: samples.now)]
            try await store.save(roster, ended: [])
            #expect(try await store.spots() == roster)
            #expect(try await store.execution(id) == nil)
            roster.nextNumber = 2
            roster.changes = []
            roster.spots[0].state = .ready
            let ended = Execution(
                id: id, task: .createSpot, trigger: .administrative, function: nil, status: .succeeded,
                output: Array("\"127.0.1.1\"".utf8), attempts: 1, createdAt: samples.now, startedAt: samples.now,
                finishedAt: samples.now)
            for _ in 0..<2 { try await store.save(roster, ended: [ended]) }
            #expect(try await store.spots() == roster)
            #expect(try await store.execution(id) == ended)
        }
    }
}
