// Measures the SQLite store: durable enqueues one by one and in bulk, leases, records, and lists; or shared state on it.
//
//     swift run -c release StorageBench FOLDER [EXECUTIONS]
//     swift run -c release StorageBench FOLDER state
//
// FOLDER must be on the kind of disk that is to be measured; it is filled and left behind.

import Glibc
import StorageSQLite

guard CommandLine.arguments.count > 1 else {
    say("usage: StorageBench FOLDER [EXECUTIONS | state]")
    exit(2)
}
let choice = CommandLine.arguments.count > 2 ? CommandLine.arguments[2] : "1000000"
let store = try SQLiteStore.open(folder: CommandLine.arguments[1])
if choice == "state" {
    try await StateBench(store: store).run()
} else {
    try await Bench(store: store, total: Int(choice) ?? 1_000_000).run()
}
try await store.close()
