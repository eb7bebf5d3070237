import Foundation
import Glibc
import Model
import SharedState
import Storage
import StorageSQLite
import Testing

@Suite struct StateCrashTests {
    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let result: Result<Void, any Error>
        do { result = .success(try await body(folder)) } catch { result = .failure(error) }
        try FileManager.default.removeItem(atPath: folder)
        try result.get()
    }

    @Test func `a new instance sees what was pushed, and not what was not`() async throws {
        try await withFolder { folder in
            let store = try SQLiteStore.open(folder: folder)
            let (pushed, other) = (try key("pushed"), try key("other"))
            let value = filled(5, 3 * StateChunk.bytes + 1)
            do {
                let state = SharedState(store: store)
                try await state.replace(pushed, by: value)
                try await state.append(pushed, [1])
                try await state.push([pushed])
                try await state.write(pushed, at: 0, [6])
                try await state.append(pushed, [2])
                try await state.replace(other, by: [1])
            }
            try await store.close()
            let again = try SQLiteStore.open(folder: folder)
            let state = SharedState(store: again)
            #expect(isSame(try await state.value(pushed) ?? [], value))
            #expect(try await state.entries(pushed) == [[1]])
            #expect(try await state.size(other) == nil)
            try await state.close()
            try await again.close()
        }
    }

    @Test func `after kill -9 the last pushed value is there, and none is half written`() async throws {
        try await withFolder { folder in
            await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String] in
                let state = SharedState(store: try SQLiteStore.open(folder: folder))
                let log = open(folder + "/pushed", O_WRONLY | O_CREAT | O_APPEND, 0o600)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for worker in 0..<4 {
                        group.addTask {
                            let key = try StateKey(tenant: .default, name: "k\(worker)")
                            for count in 1...200 {
                                let length = (count % 3) * StateChunk.bytes + count
                                try await state.replace(
                                    key, by: filled(UInt8(count), length)[...])
                                try await state.push([key])
                                let line = Array("\(worker) \(count)\n".utf8)
                                guard write(log, line, line.count) == line.count else { exit(1) }
                                if worker == 0, count == 15 { kill(getpid(), SIGKILL) }
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            var last: [Int: Int] = [:]
            for line in try String(contentsOfFile: folder + "/pushed", encoding: .utf8).split(separator: "\n") {
                let numbers = line.split(separator: " ").compactMap { Int($0) }
                last[numbers[0]] = numbers[1]
            }
            #expect(last[0] == 15)
            let store = try SQLiteStore.open(folder: folder)
            let state = SharedState(store: store)
            for (worker, count) in last {
                let value = try #require(try await state.value(StateKey(tenant: .default, name: "k\(worker)")))
                let found = Int(try #require(value.first))
                #expect(found == count || found == count + 1, "at most the push after the last one that was told of")
                #expect(isSame(value, filled(UInt8(found), (found % 3) * StateChunk.bytes + found)))
            }
            try await store.close()
        }
    }
}
