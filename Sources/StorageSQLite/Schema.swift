import GRDB
import Storage

/// The tables, by the migrations that make them. A migration that was released is never changed: add another.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 foundation") { db in try db.execute(sql: foundation) }
        migrator.registerMigration("2 executions") { db in try db.execute(sql: executions) }
        migrator.registerMigration("3 access") { db in try db.execute(sql: AccessSchema.tables) }
        migrator.registerMigration("4 chaining") { db in try db.execute(sql: chaining) }
        migrator.registerMigration("5 shared state") { db in try db.execute(sql: StateSchema.tables) }
        migrator.registerMigration("6 labelled objects") { db in try db.execute(sql: ObjectSchema.tables) }
        migrator.registerMigration("7 packages") { db in try db.execute(sql: packages) }
        migrator.registerMigration("8 documents") { db in try db.execute(sql: DocumentSchema.tables) }
        migrator.registerMigration("9 apps") { db in try db.execute(sql: apps) }
        migrator.registerMigration("10 principals") { db in try db.execute(sql: AccessSchema.principals) }
        migrator.registerMigration("11 sign-ins") { db in try db.execute(sql: AccessSchema.signIns) }
        return migrator
    }

    /// Brings a database to this version. Refuses one that a later version of the program made.
    static func migrate(_ writer: some DatabaseWriter) throws {
        guard try writer.read(migrator.hasBeenSuperseded) == false else {
            throw StorageError(
                .conflict,
                "The data folder was made by a later version of swiftlet: install that, or choose another folder."
            )
        }
        try migrator.migrate(writer)
    }

    /// The calls that came of one are found by it, in the order of their numbers.
    private static let chaining = """
        ALTER TABLE executions ADD COLUMN root BLOB;
        ALTER TABLE executions ADD COLUMN call_number INTEGER;
        ALTER TABLE executions ADD COLUMN detail TEXT;
        CREATE INDEX executions_by_root ON executions (root, call_number) WHERE root IS NOT NULL;
        """

    /// What a version has besides its source: `PackageUse`, its lock as JSON.
    private static let packages = """
        ALTER TABLE versions ADD COLUMN own_package TEXT;
        ALTER TABLE versions ADD COLUMN dependencies TEXT;
        ALTER TABLE versions ADD COLUMN lock TEXT;
        """

    private static let apps = """
        CREATE TABLE apps (
            owner BLOB NOT NULL,
            number INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            record BLOB NOT NULL,
            PRIMARY KEY (owner, number)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX apps_by_time ON apps (created_at);
        """

    /// Ids are blobs of 16 bytes, which sort by creation; times are microseconds since 1970; statuses are
    /// `ExecutionStatus.code`.
    private static let foundation = """
        CREATE TABLE functions (
            id BLOB PRIMARY KEY NOT NULL,
            namespace TEXT NOT NULL,
            name TEXT NOT NULL,
            face TEXT NOT NULL,
            version INTEGER NOT NULL,
            limits TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            UNIQUE (namespace, name)
        ) STRICT;

        CREATE TABLE versions (
            function BLOB NOT NULL REFERENCES functions (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            image TEXT,
            entry TEXT,
            requirements TEXT,
            sealed_context BLOB,
            source TEXT NOT NULL,
            PRIMARY KEY (function, number)
        ) STRICT;
        CREATE INDEX versions_by_image ON versions (image) WHERE image IS NOT NULL;

        CREATE TABLE executions (
            id BLOB PRIMARY KEY NOT NULL,
            task TEXT NOT NULL,
            trigger TEXT NOT NULL,
            function TEXT,
            version INTEGER,
            status INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            epoch INTEGER NOT NULL DEFAULT 0,
            leased_until INTEGER,
            created_at INTEGER NOT NULL,
            started_at INTEGER,
            finished_at INTEGER,
            wall_microseconds INTEGER NOT NULL,
            cpu_microseconds INTEGER NOT NULL,
            peak_memory_bytes INTEGER NOT NULL,
            parent BLOB,
            fault TEXT,
            output BLOB,
            input BLOB,
            logs BLOB
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX executions_by_status ON executions (status, id);
        CREATE INDEX executions_by_function ON executions (function, status, id) WHERE function IS NOT NULL;

        CREATE TABLE large_values (
            execution BLOB NOT NULL REFERENCES executions (id) ON DELETE CASCADE,
            field TEXT NOT NULL,
            bytes BLOB NOT NULL,
            PRIMARY KEY (execution, field)
        ) STRICT;

        CREATE TABLE tokens (
            id BLOB PRIMARY KEY NOT NULL,
            name TEXT NOT NULL,
            hash BLOB NOT NULL UNIQUE,
            scopes TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            expires_at INTEGER
        ) STRICT;
        """
}
