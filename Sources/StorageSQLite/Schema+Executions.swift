extension Schema {
    /// What a durable queue needs beyond the executions themselves. `status = 0` is `queued`: see ``ExecutionStatus/code``.
    ///
    /// - `executions_ready` is what a lease walks, lane by lane; `lanes` says which lanes there are, so that a lease looks
    ///   at no more rows than it takes, however many wait.
    /// - `totals` has one row, and changes in the transactions that it counts.
    static let executions = """
        ALTER TABLE functions ADD COLUMN policy TEXT;

        ALTER TABLE executions ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE executions ADD COLUMN not_before INTEGER;
        ALTER TABLE executions ADD COLUMN delayed INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE executions ADD COLUMN expires_at INTEGER;
        ALTER TABLE executions ADD COLUMN callback TEXT;
        ALTER TABLE executions ADD COLUMN batch BLOB;
        ALTER TABLE executions ADD COLUMN dead INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE executions ADD COLUMN redriven_from BLOB;
        DROP INDEX executions_by_status;
        DROP INDEX executions_by_function;
        CREATE INDEX executions_by_status ON executions (status, dead, id);
        CREATE INDEX executions_by_function ON executions (function, status, dead, id) WHERE function IS NOT NULL;
        CREATE INDEX executions_ready ON executions (function, priority, id) WHERE status = 0 AND delayed = 0;
        CREATE INDEX executions_delayed ON executions (not_before, id) WHERE status = 0 AND delayed = 1;
        CREATE INDEX executions_expiring ON executions (expires_at, id)
            WHERE status = 0 AND attempts = 0 AND expires_at IS NOT NULL;

        CREATE TABLE attempts (
            execution BLOB NOT NULL REFERENCES executions (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            status INTEGER NOT NULL,
            started_at INTEGER,
            finished_at INTEGER,
            wall_microseconds INTEGER NOT NULL,
            cpu_microseconds INTEGER NOT NULL,
            peak_memory_bytes INTEGER NOT NULL,
            fault TEXT,
            logs BLOB,
            PRIMARY KEY (execution, number)
        ) STRICT;

        CREATE TABLE lanes (
            function TEXT NOT NULL,
            priority INTEGER NOT NULL,
            ready INTEGER NOT NULL,
            served INTEGER NOT NULL,
            PRIMARY KEY (function, priority)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX lanes_by_turn ON lanes (priority DESC, served, function);
        INSERT INTO lanes SELECT coalesce(function, ''), 0, count(*), 0 FROM executions WHERE status = 0 GROUP BY 1;

        CREATE TABLE batches (
            id BLOB PRIMARY KEY NOT NULL,
            created_at INTEGER NOT NULL,
            total INTEGER NOT NULL,
            queued INTEGER NOT NULL,
            running INTEGER NOT NULL,
            succeeded INTEGER NOT NULL,
            failed INTEGER NOT NULL,
            cancelled INTEGER NOT NULL,
            timed_out INTEGER NOT NULL,
            finished_at INTEGER
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX batches_by_end ON batches (finished_at) WHERE finished_at IS NOT NULL;

        CREATE TABLE idempotency_keys (
            namespace TEXT NOT NULL,
            text TEXT NOT NULL,
            digest BLOB NOT NULL,
            expires_at INTEGER NOT NULL,
            executions BLOB NOT NULL,
            PRIMARY KEY (namespace, text)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX idempotency_keys_by_end ON idempotency_keys (expires_at);

        CREATE TABLE callbacks (
            execution BLOB PRIMARY KEY NOT NULL REFERENCES executions (id) ON DELETE CASCADE,
            url TEXT NOT NULL,
            attempts INTEGER NOT NULL,
            due_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX callbacks_by_time ON callbacks (due_at, execution);

        CREATE TABLE totals (
            one INTEGER PRIMARY KEY CHECK (one = 1),
            turn INTEGER NOT NULL,
            accepted INTEGER NOT NULL,
            queued INTEGER NOT NULL,
            running INTEGER NOT NULL,
            settled_succeeded INTEGER NOT NULL,
            settled_failed INTEGER NOT NULL,
            settled_cancelled INTEGER NOT NULL,
            settled_timed_out INTEGER NOT NULL,
            kept_succeeded INTEGER NOT NULL,
            kept_failed INTEGER NOT NULL,
            kept_cancelled INTEGER NOT NULL,
            kept_timed_out INTEGER NOT NULL,
            dead INTEGER NOT NULL
        ) STRICT;
        INSERT INTO totals
        SELECT 1, 0, count(*) FILTER (WHERE trigger = 'asynchronous' OR status < 2),
            count(*) FILTER (WHERE status = 0), count(*) FILTER (WHERE status = 1),
            count(*) FILTER (WHERE trigger = 'asynchronous' AND status = 2),
            count(*) FILTER (WHERE trigger = 'asynchronous' AND status = 3),
            count(*) FILTER (WHERE trigger = 'asynchronous' AND status = 4),
            count(*) FILTER (WHERE trigger = 'asynchronous' AND status = 5),
            count(*) FILTER (WHERE status = 2), count(*) FILTER (WHERE status = 3),
            count(*) FILTER (WHERE status = 4), count(*) FILTER (WHERE status = 5), 0
        FROM executions;
        """
}
