/// The tables of the shared state.
enum StateSchema {
    /// A value is cut into chunks, each of which may be shorter than its place or not be there at all: zeros follow. `size` is
    /// null where a key has only a log. `state_clock` has one row, the version of the last change.
    static let tables = """
        CREATE TABLE state_keys (
            id INTEGER PRIMARY KEY,
            tenant TEXT NOT NULL,
            name TEXT NOT NULL,
            version INTEGER NOT NULL,
            size INTEGER,
            entries INTEGER NOT NULL,
            entry_bytes INTEGER NOT NULL,
            UNIQUE (tenant, name)
        ) STRICT;

        CREATE TABLE state_chunks (
            key INTEGER NOT NULL REFERENCES state_keys (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            bytes BLOB NOT NULL,
            PRIMARY KEY (key, number)
        ) STRICT;

        CREATE TABLE state_entries (
            key INTEGER NOT NULL REFERENCES state_keys (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            bytes BLOB NOT NULL,
            PRIMARY KEY (key, number)
        ) STRICT;

        CREATE TABLE state_clock (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            version INTEGER NOT NULL
        ) STRICT;
        INSERT INTO state_clock VALUES (1, 0);
        """
}
