import FoundationEssentials
import GRDB
import Model

/// Rows of functions and of their versions.
enum FunctionTable {
    private static let columns = "id, namespace, name, face, version, limits, created_at, updated_at, policy"

    static func function(_ key: FunctionKey, _ db: Database) throws -> Function? {
        let statement = try db.cachedStatement(
            sql: "SELECT \(columns) FROM functions WHERE namespace = ? AND name = ?")
        return try Row.fetchOne(statement, arguments: [key.namespace.rawValue, key.name.rawValue]).map(decode)
    }

    static func function(_ id: FunctionID, _ db: Database) throws -> Function? {
        let statement = try db.cachedStatement(sql: "SELECT \(columns) FROM functions WHERE id = ?")
        return try Row.fetchOne(statement, arguments: [id.data]).map(decode)
    }

    static func functions(in namespace: Namespace?, _ db: Database) throws -> [Function] {
        let condition = namespace == nil ? "" : "WHERE namespace = ?"
        let statement = try db.cachedStatement(
            sql: "SELECT \(columns) FROM functions \(condition) ORDER BY namespace, name")
        let arguments: StatementArguments = namespace.map { [$0.rawValue] } ?? []
        return try Row.fetchAll(statement, arguments: arguments).map(decode)
    }

    static func insert(_ function: Function, _ db: Database) throws {
        try db.cachedStatement(sql: "INSERT INTO functions (\(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .execute(arguments: [
                function.id.data, function.key.namespace.rawValue, function.key.name.rawValue, function.face.rawValue,
                function.version, function.limits.json(), function.createdAt.microseconds,
                function.updatedAt.microseconds, function.policy.json(),
            ])
    }

    static func change(_ function: Function, to version: Int, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                UPDATE functions SET namespace = ?, name = ?, version = ?, limits = ?, updated_at = ?, policy = ?
                WHERE id = ?
                """
        ).execute(arguments: [
            function.key.namespace.rawValue, function.key.name.rawValue, version, function.limits.json(),
            function.updatedAt.microseconds, function.policy.json(), function.id.data,
        ])
    }

    /// Most runs of a function at one time; nil: it has no limit of its own.
    static func concurrency(_ key: FunctionKey, _ db: Database) throws -> Int? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT json_extract(policy, '$.concurrency') FROM functions
                WHERE namespace = ? AND name = ? AND policy IS NOT NULL
                """)
        return try Optional<Int>.fetchOne(
            statement, arguments: [key.namespace.rawValue, key.name.rawValue]) ?? nil
    }

    static func version(_ number: Int, of function: FunctionID, _ db: Database) throws -> FunctionVersion? {
        let statement = try db.cachedStatement(
            sql: "SELECT \(versionColumns) FROM versions WHERE function = ? AND number = ?")
        return try Row.fetchOne(statement, arguments: [function.data, number]).map(decodeVersion)
    }

    static func insert(_ version: FunctionVersion, _ db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT INTO versions (\(versionColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        )
        .execute(arguments: [
            version.function.data, version.number, version.source, version.entry,
            version.sealedContext.map { Data($0) }, version.requirements, version.image?.rawValue,
            version.createdAt.microseconds, version.packages.own?.rawValue,
            version.packages.dependencies?.rawValue, lockText(version.packages.lock),
            try version.deployment.map { try JSONText.encode($0) },
        ])
    }

    /// The packages that versions name.
    static func packages(_ db: Database) throws -> Set<PackageID> {
        let names = try String.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT own_package FROM versions WHERE own_package IS NOT NULL
                    UNION SELECT dependencies FROM versions WHERE dependencies IS NOT NULL
                    """))
        return Set(try names.map(package))
    }

    /// Deletes a function and returns the images that no version refers to any more.
    static func delete(_ id: FunctionID, _ db: Database) throws -> [ImageID] {
        let unused = try String.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT DISTINCT image FROM versions AS own WHERE function = ? AND image IS NOT NULL AND NOT EXISTS (
                        SELECT 1 FROM versions AS other WHERE other.image = own.image AND other.function <> own.function
                    ) ORDER BY image
                    """), arguments: [id.data])
        try db.cachedStatement(sql: "DELETE FROM functions WHERE id = ?").execute(arguments: [id.data])
        return try unused.map(image)
    }

    private static let versionColumns =
        "function, number, source, entry, sealed_context, requirements, image, created_at, "
        + "own_package, dependencies, lock, deployment"

    private static func decode(_ row: Row) throws -> Function {
        Function(
            id: try FunctionID(row[0] as Data),
            key: FunctionKey(namespace: try Namespace(row[1]), name: try FunctionName(row[2])),
            face: try Face(column: row[3]), version: row[4], limits: try FunctionLimits(json: row[5]),
            policy: try FunctionPolicy(json: row[8]), createdAt: Timestamp(microseconds: row[6]),
            updatedAt: Timestamp(microseconds: row[7]))
    }

    private static func decodeVersion(_ row: Row) throws -> FunctionVersion {
        FunctionVersion(
            function: try FunctionID(row[0] as Data), number: row[1], source: row[2], entry: row[3],
            sealedContext: (row[4] as Data?).map { [UInt8]($0) }, requirements: row[5],
            packages: PackageUse(
                own: try (row[8] as String?).map(package), dependencies: try (row[9] as String?).map(package),
                lock: try (row[10] as String?).map { try JSONText.decode([LockedDistribution].self, $0) } ?? []),
            image: try (row[6] as String?).map(image), createdAt: Timestamp(microseconds: row[7]),
            deployment: try (row[11] as String?).map { try JSONText.decode(Deployment.self, $0) })
    }

    private static func lockText(_ lock: [LockedDistribution]) throws -> String? {
        lock.isEmpty ? nil : try JSONText.encode(lock)
    }

    private static func package(_ text: String) throws -> PackageID {
        guard let id = PackageID(text) else { throw UnreadableValue("the package id `\(text)`") }
        return id
    }

    private static func image(_ text: String) throws -> ImageID {
        guard let id = ImageID(text) else { throw UnreadableValue("the image id `\(text)`") }
        return id
    }
}
