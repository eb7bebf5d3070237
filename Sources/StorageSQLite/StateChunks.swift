import FoundationEssentials
import GRDB
import Storage

/// The pieces of values.
enum StateChunks {
    /// Takes away what lies beyond `size`.
    static func cut(_ key: Int64, to size: Int, _ db: Database) throws {
        let (whole, rest) = size.quotientAndRemainder(dividingBy: StateChunk.bytes)
        try db.cachedStatement(sql: "DELETE FROM state_chunks WHERE key = ? AND number >= ?")
            .execute(arguments: [key, rest == 0 ? whole : whole + 1])
        guard rest > 0 else { return }
        try db.cachedStatement(
            sql:
                "UPDATE state_chunks SET bytes = substr(bytes, 1, ?) WHERE key = ? AND number = ? AND length(bytes) > ?"
        ).execute(arguments: [rest, key, whole, rest])
    }

    /// Puts bytes into the value of `size` bytes. A chunk that is overwritten as a whole is not read.
    static func write(_ bytes: [UInt8], at offset: Int, of size: Int, _ key: Int64, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO state_chunks (key, number, bytes) VALUES (?, ?, ?)
                ON CONFLICT (key, number) DO UPDATE SET bytes = excluded.bytes
                """)
        var position = offset
        while position < offset + bytes.count {
            let number = position / StateChunk.bytes
            let start = number * StateChunk.bytes
            let end = min(start + StateChunk.bytes, offset + bytes.count)
            let piece = bytes[position - offset..<end - offset]
            var chunk = Data(piece)
            if position > start || end < min(start + StateChunk.bytes, size) {
                chunk = try stored(key, number, db)
                chunk += Data(count: max(0, end - start - chunk.count))
                let begin = chunk.startIndex
                chunk.replaceSubrange(begin + position - start..<begin + end - start, with: piece)
            }
            try statement.execute(arguments: [key, number, chunk])
            position = end
        }
    }

    /// So many bytes from `offset`; zeros where nothing is stored.
    static func bytes(_ key: Int64, at offset: Int, count: Int, _ db: Database) throws -> [UInt8] {
        var result = [UInt8](repeating: 0, count: count)
        let statement = try db.cachedStatement(
            sql: "SELECT number, bytes FROM state_chunks WHERE key = ? AND number BETWEEN ? AND ?")
        let numbers = (offset / StateChunk.bytes, (offset + count - 1) / StateChunk.bytes)
        let rows = try Row.fetchCursor(statement, arguments: [key, numbers.0, numbers.1])
        while let row = try rows.next() {
            let start = (row[0] as Int) * StateChunk.bytes
            try row.withUnsafeData(atIndex: 1) { chunk in
                guard let chunk else { return }
                let from = max(offset, start)
                let to = min(offset + count, start + chunk.count)
                guard from < to else { return }
                result.withUnsafeMutableBytes { target in
                    chunk.withUnsafeBytes { source in
                        target[from - offset..<to - offset].copyBytes(from: source[from - start..<to - start])
                    }
                }
            }
        }
        return result
    }

    private static func stored(_ key: Int64, _ number: Int, _ db: Database) throws -> Data {
        let statement = try db.cachedStatement(sql: "SELECT bytes FROM state_chunks WHERE key = ? AND number = ?")
        return try Data.fetchOne(statement, arguments: [key, number]) ?? Data()
    }
}
