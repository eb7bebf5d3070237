// Measures the SQLite store: durable enqueues one by one and in bulk, leases, records, and lists.
//
//     swift run -c release StorageBench FOLDER [EXECUTIONS]
//
// FOLDER must be on the kind of disk that is to be measured; it is filled and left behind.

import FoundationEssentials
import Glibc
import Model
import Storage
import StorageSQLite

guard CommandLine.arguments.count > 1 else {
    say("usage: StorageBench FOLDER [EXECUTIONS]")
    exit(2)
}
let total = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2]) ?? 1_000_000 : 1_000_000
let bench = Bench(store: try SQLiteStore.open(folder: CommandLine.arguments[1]), total: total)
try await bench.run()
try await bench.store.close()

/// Writes a line to standard output.
func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = write(STDOUT_FILENO, bytes, bytes.count)
}
