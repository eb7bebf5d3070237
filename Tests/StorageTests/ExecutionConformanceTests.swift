import Model
import Storage
import Testing

@Suite struct ExecutionConformanceTests {
    @Test(arguments: Driver.allCases)
    func `a recorded execution can be read and listed at once`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            let ended = try ExecutionStatus.allCases.filter(\.isFinal).map { try samples.ended($0) }
            try await store.record(ended)
            #expect(try await store.execution(ended[0].id) == ended[0])
            #expect(try await store.executions(matching: ExecutionFilter()).map(\.id) == ended.reversed().map(\.id))
            #expect(try await store.execution(ended[1].id) == ended[1])
            #expect(try await store.counts() == [.succeeded: 1, .failed: 1, .cancelled: 1, .timedOut: 1])
        }
    }

    @Test(arguments: Driver.allCases)
    func `what is recorded twice stays as it was first`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            let first = try samples.ended()
            var second = first
            second.status = .failed
            try await store.record([first])
            _ = try await store.counts()
            try await store.record([second])
            _ = try await store.counts()
            #expect(try await store.execution(first.id) == first)
        }
    }

    @Test(arguments: Driver.allCases)
    func `only what has ended is recorded`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            let queued = try samples.queued()
            #expect(await refusal { try await store.record([queued]) } == .conflict)
            #expect(try await store.execution(queued.id) == nil)
        }
    }

    @Test(arguments: Driver.allCases)
    func `values of every size come back unchanged`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            for size in [0, 1, 511, 512, 513, 4096, 1 << 20] {
                var recorded = try samples.ended()
                recorded.input = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
                recorded.output = recorded.input.reversed()
                recorded.logs = [LogLine(time: samples.now, stream: .stdout, text: String(repeating: "é", count: size))]
                var queued = recorded
                queued.id = samples.id()
                queued.status = .queued
                try await store.record([recorded])
                try await store.enqueue([queued])
                _ = try await store.counts()
                #expect(try await store.execution(recorded.id) == recorded)
                #expect(try await store.execution(queued.id) == queued)
                let listed = try await store.executions(matching: ExecutionFilter(limit: 2))
                #expect(listed.map(\.output) == [recorded.output, recorded.output])
            }
        }
    }

    @Test(arguments: Driver.allCases)
    func `a large result of a leased execution comes back unchanged`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            let input = [UInt8](repeating: 7, count: 100_000)
            try await store.enqueue([try samples.queued(input: input)])
            let leases = try await store.lease(limit: 1, now: samples.now, until: samples.now)
            #expect(leases[0].execution.input == input)
            var settlement = Samples.settlement(leases[0], output: [UInt8](repeating: 8, count: 100_000))
            settlement.logs = (0..<100).map { LogLine(time: samples.now, stream: .stdout, text: "line \($0)") }
            _ = try await store.settle([settlement])
            let stored = try #require(try await store.execution(settlement.id))
            #expect(stored.input == input)
            #expect(stored.output == settlement.output)
            #expect(stored.logs == settlement.logs)
        }
    }

    @Test(arguments: Driver.allCases)
    func `several ids are answered in their order without the unknown ones`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            let (queued, ended) = (try samples.queued(), try samples.ended())
            try await store.enqueue([queued])
            try await store.record([ended])
            #expect(try await store.executions([ended.id, samples.id(), queued.id]) == [ended, queued])
            #expect(try await store.executions([]).isEmpty)
        }
    }

    @Test(arguments: Driver.allCases)
    func `lists leave out input and logs only`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            var ended = try samples.ended()
            try await store.record([ended])
            ended.input = []
            ended.logs = []
            #expect(try await store.executions(matching: ExecutionFilter()) == [ended])
        }
    }

    @Test(arguments: Driver.allCases)
    func `filters and pages agree with a plain search`(_ driver: Driver) async throws {
        try await driver.withStore { store in
            var samples = Samples()
            var all: [Execution] = []
            for index in 0..<120 {
                let function = [nil, "a", "b"][index % 3]
                let status = ExecutionStatus.allCases[index / 2 % 6]
                all.append(
                    status.isFinal ? try samples.ended(status, function: function) : try samples.queued(function))
            }
            try await store.record(all.filter(\.status.isFinal))
            try await store.enqueue(all.filter { $0.status == .queued })
            let key = FunctionKey(name: try FunctionName("a"))
            let statusSets: [Set<ExecutionStatus>?] = [
                nil, [], [.succeeded], [.queued, .failed], [.running], Set(ExecutionStatus.allCases),
            ]
            for function in [nil, key, FunctionKey(name: try FunctionName("none"))] {
                for statuses in statusSets {
                    let expected = all.reversed().filter {
                        (function == nil || $0.function == function) && statuses?.contains($0.status) ?? true
                    }
                    var found: [ExecutionID] = []
                    while true {
                        let page = try await store.executions(
                            matching: ExecutionFilter(
                                function: function, statuses: statuses, before: found.last, limit: 7))
                        #expect(page.count <= 7)
                        found += page.map(\.id)
                        if page.isEmpty { break }
                    }
                    #expect(
                        found == expected.map(\.id), "function \(function?.description ?? "any"), \(statuses ?? [])")
                }
            }
            #expect(try await store.executions(matching: ExecutionFilter(limit: 0)).isEmpty)
        }
    }
}
