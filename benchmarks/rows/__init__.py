"""One file a row of the table: `measure(bench)` returns its lines."""
