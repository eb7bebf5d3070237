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
        let (from, before) = filter.range
        var arguments = StatementArguments()
        for condition in conditions { arguments += condition.arguments + [from.data, before.data, limit] }
        arguments += [limit]
        let statement = try db.cachedStatement(sql: sql(conditions.map(\.sql)))
        return try Row.fetchAll(statement, arguments: arguments).map(ExecutionTable.decode)
    }

    static func executions(ofRoot root: ExecutionID, _ db: Database) throws -> [Execution] {
        let statement = try db.cachedStatement(
            sql: "SELECT \(ExecutionTable.columns(.listed)) FROM executions WHERE root = ? ORDER BY call_number, id")
        return try Row.fetchAll(statement, arguments: [root.data]).map(ExecutionTable.decode)
    }

    /// Each part walks one index from its end and stops at the limit, however many rows there are.
    static func sql(_ conditions: [String]) -> String {
        let parts = conditions.map { condition in
            """
            SELECT * FROM (
                SELECT id FROM executions WHERE \(condition) id >= ? AND id < ? ORDER BY id DESC LIMIT ?)
            """
        }
        return """
            SELECT \(ExecutionTable.columns(.listed))
            FROM (\(parts.joined(separator: " UNION ALL ")) ORDER BY id DESC LIMIT ?) AS page
            CROSS JOIN executions USING (id) ORDER BY id DESC
            """
    }

    /// The index ranges that hold what a filter asks for.
    static func conditions(_ filter: ExecutionFilter) -> [(sql: String, arguments: StatementArguments)] {
        if filter.function == nil, filter.statuses == nil, filter.isDead == nil { return [("", [])] }
        var ranges: [(sql: String, arguments: StatementArguments)] = []
        for status in ExecutionStatus.allCases where filter.statuses?.contains(status) ?? true {
            // Only what failed can be a dead letter.
            let deads = status == .failed || status == .timedOut ? [false, true] : [false]
            for isDead in deads where filter.isDead == nil || filter.isDead == isDead {
                if let function = filter.function {
                    ranges.append(
                        ("function = ? AND status = ? AND dead = ? AND", [function.text, status.code, isDead]))
                } else {
                    ranges.append(("status = ? AND dead = ? AND", [status.code, isDead]))
                }
            }
        }
        return ranges
    }
}
