/// The tables of the labelled file system.
enum ObjectSchema {
    /// Ids are the 64 bits of `ObjectID` as a signed number; kinds are `ObjectKind`; labels are canonical texts. An entry
    /// of a faceted directory has its label as name. `content` comes last, so that reading a head leaves its pages alone.
    static let tables = """
        CREATE TABLE objects (
            id INTEGER PRIMARY KEY NOT NULL,
            kind INTEGER NOT NULL,
            label TEXT,
            owner TEXT NOT NULL,
            version INTEGER NOT NULL,
            target INTEGER,
            content BLOB NOT NULL
        ) STRICT;

        CREATE TABLE object_entries (
            parent INTEGER NOT NULL,
            name TEXT NOT NULL,
            child INTEGER NOT NULL,
            PRIMARY KEY (parent, name)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX object_entries_by_child ON object_entries (child);

        CREATE TABLE object_blobs (
            object INTEGER NOT NULL,
            place INTEGER NOT NULL,
            hash BLOB NOT NULL,
            label TEXT NOT NULL,
            length INTEGER NOT NULL,
            PRIMARY KEY (object, place)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX object_blobs_by_hash ON object_blobs (hash);
        """
}
