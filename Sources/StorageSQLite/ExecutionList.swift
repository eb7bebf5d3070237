import FoundationEssentials
import GRDB
import Model
import Storage

/// Queries over executions.
enum ExecutionList {
    static func execution(_ id: ExecutionID, _ db: Database) throws -> Execution? {
        let statement = try db.cachedStatement(
            sql: "SELECT \(ExecutionTable.columns(.whole)) FROM executions WHERE id = ?")
        return try Row.fetchOne(statement, arguments: [id.data]).map(ExecutionTable.decode)
    }

    static func executions(matching filter: ExecutionFilter, _ db: Database) throws -> [Execution] {
        let limit = max(0, filter.limit)
        let conditions = conditions(filter)
        guard !conditions.isEmpty else { return [] }
        var arguments = StatementArguments()
        for condition in conditions {
            arguments += condition.arguments + [(filter.before ?? .last).data, limit]
        }
        arguments += [limit]
        // Each part walks one index from its end and stops at the limit, however many rows there are.
        let parts = conditions.map { condition in
            """
            SELECT * FROM (SELECT id FROM executions WHERE \(condition.sql) id < ? ORDER BY id DESC LIMIT ?)
            """
        }
        let statement = try db.cachedStatement(
            sql: """
                SELECT \(ExecutionTable.columns(.listed))
                FROM (\(parts.joined(separator: " UNION ALL ")) ORDER BY id DESC LIMIT ?) AS page
                CROSS JOIN executions USING (id) ORDER BY id DESC
                """)
        return try Row.fetchAll(statement, arguments: arguments).map(ExecutionTable.decode)
    }

    static func counts(_ db: Database) throws -> [ExecutionStatus: Int] {
        let rows = try Row.fetchAll(
            db.cachedStatement(sql: "SELECT status, count(*) FROM executions GROUP BY status"))
        return try rows.reduce(into: [:]) { $0[try ExecutionStatus(code: $1[0])] = $1[1] }
    }

    /// The index ranges that hold what a filter asks for.
    private static func conditions(_ filter: ExecutionFilter) -> [(sql: String, arguments: StatementArguments)] {
        let statuses = ExecutionStatus.allCases.filter { filter.statuses?.contains($0) ?? true }
        return switch (filter.function, filter.statuses) {
        case (nil, nil): [("", [])]
        case (nil, .some): statuses.map { ("status = ? AND", [$0.code]) }
        case (let function?, _): statuses.map { ("function = ? AND status = ? AND", [function.text, $0.code]) }
        }
    }
}
