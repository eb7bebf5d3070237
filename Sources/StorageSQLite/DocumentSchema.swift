/// The tables of small things that are looked up by name, and what versions are deployed with.
enum DocumentSchema {
    static let tables = """
        ALTER TABLE versions ADD COLUMN deployment TEXT;

        CREATE TABLE documents (
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            bytes BLOB NOT NULL,
            PRIMARY KEY (kind, name)
        ) STRICT, WITHOUT ROWID;
        """
}
