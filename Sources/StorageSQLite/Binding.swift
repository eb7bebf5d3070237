import GRDB
import GRDBSQLite
import Model

/// Gives a statement its parameters, one after another. GRDB's own arguments are boxes in arrays and dictionaries: making them
/// for a row of 28 columns costs as much as writing the row.
struct Binding {
    private let statement: Statement
    private var place: CInt = 0
    private var code = SQLITE_OK

    /// What has SQLite copy a value while it is bound.
    // SAFETY: SQLite takes -1 for that, in place of a function.
    nonisolated(unsafe) private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    init(_ statement: Statement) {
        statement.setUncheckedArguments([])
        self.statement = statement
    }

    mutating func add(_ value: (some BinaryInteger)?) {
        place += 1
        guard let value else { return }
        note(sqlite3_bind_int64(statement.sqliteStatement, place, Int64(value)))
    }

    mutating func add(_ value: Bool) { add(value ? 1 : 0) }

    mutating func add(_ text: String?) {
        place += 1
        guard let text else { return }
        note(
            sqlite3_bind_text64(
                statement.sqliteStatement, place, text, UInt64(text.utf8.count), Self.copied, UInt8(SQLITE_UTF8)))
    }

    mutating func add(_ id: UUID7?) {
        place += 1
        guard let id else { return }
        let code = withUnsafeBytes(of: (id.high.bigEndian, id.low.bigEndian)) {
            sqlite3_bind_blob(statement.sqliteStatement, place, $0.baseAddress, CInt($0.count), Self.copied)
        }
        note(code)
    }

    mutating func add(_ bytes: [UInt8]?) {
        place += 1
        guard let bytes else { return }
        let code = bytes.withUnsafeBytes { bytes in
            bytes.count == 0
                ? sqlite3_bind_zeroblob(statement.sqliteStatement, place, 0)
                : sqlite3_bind_blob64(
                    statement.sqliteStatement, place, bytes.baseAddress, UInt64(bytes.count), Self.copied)
        }
        note(code)
    }

    private mutating func note(_ code: CInt) { if self.code == SQLITE_OK { self.code = code } }

    /// Runs the statement. Throws where a value has no room in a row.
    func execute() throws {
        guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
        precondition(place == sqlite3_bind_parameter_count(statement.sqliteStatement), "each parameter has a value")
        try statement.execute()
    }
}
