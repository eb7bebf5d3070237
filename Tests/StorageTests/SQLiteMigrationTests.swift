import Foundation
import GRDB
import Model
import Storage
import Testing

@testable import StorageSQLite

@Suite struct SQLiteMigrationTests {
    /// A database as version 1 of the tables left it, with one thing of each kind in it.
    private static func makeVersion1(in folder: String) async throws {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/schema-1.sql")
        let queue = try DatabaseQueue(path: folder + "/swiftlet.db")
        try await queue.writeWithoutTransaction { [sql = try String(contentsOf: script, encoding: .utf8)] db in
            try db.execute(sql: sql)
        }
        try queue.close()
    }

    @Test func `a database of version 1 is brought to this version once, and keeps what it holds`() async throws {
        try await withFolder { folder in
            try await Self.makeVersion1(in: folder)
            var schemas: [[String]] = []
            for _ in 0..<2 {
                let store = try SQLiteStore.open(folder: folder)
                let functions = try await store.functions(in: nil)
                #expect(functions.map(\.key.description) == ["hello"])
                #expect(
                    functions.first?.limits == .standard, "limits that the database does not name are the usual ones")
                let id = try #require(functions.first?.id)
                #expect(try await store.version(1, of: id)?.source == "def main(args, context):\n    return 1\n")
                #expect(try await store.version(1, of: id)?.sealedContext == [0xC0, 0xFF, 0xEE])
                let executions = try await store.executions(matching: ExecutionFilter())
                #expect(executions.map(\.status) == [.failed, .queued])
                let failed = try await store.execution(executions[0].id)
                #expect(failed?.fault?.summary == "ValueError: no")
                #expect(failed?.logs.map(\.text) == ["a line"])
                #expect(failed?.output == Array(repeating: 0x37, count: 600))
                #expect(try await store.tokens().map(\.scopes) == [[.run, .admin]])
                schemas.append(
                    try await store.pool.read { db in
                        try String.fetchAll(
                            db, sql: "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")
                    })
                try await store.close()
            }
            #expect(schemas[0] == schemas[1])
        }
    }

    @Test func `a new database has the same tables as one that was migrated`() async throws {
        try await withFolder { folder in
            try await Self.makeVersion1(in: folder)
            let migrated = try SQLiteStore.open(folder: folder)
            let new = try SQLiteStore.open(folder: folder + "/new")
            var columns: [[String]] = []
            for store in [migrated, new] {
                columns.append(
                    try await store.pool.read { db in
                        try String.fetchAll(
                            db,
                            sql: """
                                SELECT t.name || '.' || c.name || ' ' || c.type || ' ' || c."notnull" FROM
                                pragma_table_list AS t, pragma_table_info(t.name) AS c WHERE t.schema = 'main' ORDER BY 1
                                """)
                    })
                try await store.close()
            }
            #expect(columns[0] == columns[1])
        }
    }

    @Test func `a database of a later version is refused and left as it is`() async throws {
        try await withFolder { folder in
            try await SQLiteStore.open(folder: folder).close()
            let queue = try DatabaseQueue(path: folder + "/swiftlet.db")
            try await queue.write { db in
                try db.execute(sql: "INSERT INTO grdb_migrations VALUES ('9999 from the future')")
            }
            try queue.close()
            let error = #expect(throws: StorageError.self) { try SQLiteStore.open(folder: folder) }
            #expect(error?.code == .conflict)
            #expect(error?.message.contains("later version") == true)
        }
    }
}
