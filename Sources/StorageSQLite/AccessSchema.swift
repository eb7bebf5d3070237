/// The tables of who may do what, and of the spots.
enum AccessSchema {
    /// `functions` are patterns separated by commas; null: all functions. `spots` has one row, a JSON object. `revoked_tokens`
    /// keeps an administrator's token from coming back with the file that it is in.
    static let tables = """
        ALTER TABLE tokens ADD COLUMN functions TEXT;
        ALTER TABLE tokens ADD COLUMN last_used_at INTEGER;
        ALTER TABLE tokens ADD COLUMN rate_per_minute INTEGER;
        ALTER TABLE tokens ADD COLUMN maximum_body_bytes INTEGER;

        CREATE TABLE revoked_tokens (
            hash BLOB PRIMARY KEY NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE users (
            name TEXT PRIMARY KEY NOT NULL,
            id BLOB NOT NULL,
            password TEXT NOT NULL,
            scopes TEXT NOT NULL,
            functions TEXT,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE audit (
            id BLOB PRIMARY KEY NOT NULL,
            time INTEGER NOT NULL,
            actor TEXT NOT NULL,
            action TEXT NOT NULL,
            subject TEXT NOT NULL,
            detail TEXT
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE spots (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            roster TEXT NOT NULL
        ) STRICT;
        """

    /// Whom tokens act as, and what users may use.
    static let principals = """
        ALTER TABLE tokens ADD COLUMN principal TEXT;
        ALTER TABLE users ADD COLUMN rate_per_minute INTEGER;
        ALTER TABLE users ADD COLUMN maximum_body_bytes INTEGER;
        """

    /// Finds the sign-ins of one among any number of tokens.
    static let signIns = "CREATE INDEX tokens_by_principal ON tokens (principal, id) WHERE principal IS NOT NULL;"
}
