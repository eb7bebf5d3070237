-- What version 1 of the tables held, as the driver of that time wrote it. Never change it: add another file for another version.
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO grdb_migrations VALUES ('1 foundation');

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

INSERT INTO functions VALUES (
    x'018bcfe5680070008000000000000001', 'default', 'hello', 'faaspot', 1, '{"memoryBytes":268435456}',
    1700000000000000, 1700000000000000
);
INSERT INTO versions VALUES (
    x'018bcfe5680070008000000000000001', 1, 1700000000000000, NULL, NULL, NULL, x'c0ffee',
    'def main(args, context):
    return 1
'
);
INSERT INTO executions (
    id, task, trigger, function, version, status, attempts, created_at, wall_microseconds, cpu_microseconds,
    peak_memory_bytes, input
) VALUES (
    x'018bcfe5680070008000000000000002', 'run_function', 'asynchronous', 'default/hello', 1, 0, 0, 1700000000000000,
    0, 0, 0, x'7b7d'
);
INSERT INTO executions VALUES (
    x'018bcfe5680070008000000000000003', 'run_function', 'asynchronous', 'default/hello', 1, 3, 1, 1, NULL,
    1700000000000000, 1700000000000001, 1700000000000002, 3, 2, 1, NULL,
    '{"kind":"raised","message":"no","type":"ValueError"}', NULL, x'7b7d',
    CAST('[{"stream":"stdout","text":"a line","time":1700000000000001}]' AS BLOB)
);
INSERT INTO large_values VALUES (
    x'018bcfe5680070008000000000000003', 'output', CAST(replace(hex(zeroblob(300)), '00', '77') AS BLOB)
);
INSERT INTO tokens VALUES (x'018bcfe5680070008000000000000004', 'admin', x'01', 'run,admin', 1700000000000000, NULL);
