import Foundation
import Glibc
import Model
import Storage
import StorageSQLite
import Testing

@Suite struct SQLiteCrashTests {
    @Test func `every acknowledged execution survives kill -9, and the folder is free`() async throws {
        try await withFolder { folder in
            await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String] in
                let store = try SQLiteStore.open(folder: folder)
                let log = open(folder + "/acknowledged", O_WRONLY | O_CREAT | O_APPEND, 0o600)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for worker in 0..<16 {
                        group.addTask {
                            var generator = SeededGenerator(seed: UInt64(worker))
                            for count in 0... {
                                let time = Timestamp(microseconds: 1_700_000_000_000_000 + Int64(count))
                                let id = ExecutionID(time: time, using: &generator)
                                try await store.enqueue([
                                    Execution(
                                        id: id, task: .runFunction, trigger: .asynchronous, function: nil,
                                        status: .queued, createdAt: time)
                                ])
                                let line = Array("\(id)\n".utf8)
                                guard write(log, line, line.count) == line.count else { exit(1) }
                                // In the middle of the work of the others.
                                if worker == 0, count == 40 { kill(getpid(), SIGKILL) }
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            let text = try String(contentsOfFile: folder + "/acknowledged", encoding: .utf8)
            let acknowledged = text.split(separator: "\n").compactMap { ExecutionID($0) }
            #expect(acknowledged.count > 40)
            let store = try SQLiteStore.open(folder: folder)
            #expect(try await store.executions(acknowledged).count == acknowledged.count)
            try await store.close()
        }
    }
}
