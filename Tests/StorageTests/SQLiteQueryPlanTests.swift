import GRDB
import Model
import Storage
import Testing

@testable import StorageSQLite

/// However many executions there are, no list and no lease looks at more than it answers with.
@Suite struct SQLiteQueryPlanTests {
    private func plan(_ sql: String, _ store: SQLiteStore) async throws -> [String] {
        try await store.pool.read { db in
            let values = Array(repeating: 1, count: sql.count { $0 == "?" })
            return try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + sql, arguments: StatementArguments(values))
                .map { $0["detail"] }
        }
    }

    @Test func `every list walks an index`() async throws {
        try await withFolder { folder in
            let store = try SQLiteStore.open(folder: folder)
            let key = FunctionKey(name: try FunctionName("hello"))
            for function in [nil, key] {
                for statuses in [nil, [.failed, .queued], []] as [Set<ExecutionStatus>?] {
                    for isDead in [nil, true] as [Bool?] {
                        let filter = ExecutionFilter(function: function, statuses: statuses, isDead: isDead)
                        let conditions = ExecutionList.conditions(filter).map(\.sql)
                        if conditions.isEmpty { continue }
                        let details = try await plan(ExecutionList.sql(conditions), store)
                        #expect(!details.contains { $0.hasPrefix("SCAN executions") }, "\(filter): \(details)")
                        let searches = Samples.searches(in: details)
                        #expect(searches == conditions.count, "\(filter): \(details)")
                    }
                }
            }
            try await store.close()
        }
    }

    @Test func `the sign-ins of one are found among any number of tokens`() async throws {
        try await withFolder { folder in
            let store = try SQLiteStore.open(folder: folder)
            let details = try await plan("SELECT * FROM tokens WHERE principal = ? ORDER BY id", store)
            #expect(details == ["SEARCH tokens USING INDEX tokens_by_principal (principal=?)"])
            try await store.close()
        }
    }

    @Test func `a lease takes the oldest of a lane from the index of what is ready`() async throws {
        try await withFolder { folder in
            let store = try SQLiteStore.open(folder: folder)
            let details = try await plan(QueueTable.oldestSQL, store)
            #expect(details.contains { $0.contains("executions_ready (function=? AND priority=?)") }, "\(details)")
            #expect(!details.contains { $0.contains("TEMP B-TREE") }, "\(details)")
            let lanes = try await plan(
                "SELECT function, priority, ready, served FROM lanes ORDER BY priority DESC, served, function", store)
            #expect(!lanes.contains { $0.contains("TEMP B-TREE") }, "\(lanes)")
            try await store.close()
        }
    }
}
