import Model
import SharedState
import Storage
import StorageSQLite

/// Shared state: small values in memory, and a large one by ranges, in memory and from the disk.
struct StateBench {
    let store: SQLiteStore

    func run() async throws {
        say("chunks of \(StateChunk.bytes >> 10) KiB")
        let state = SharedState(store: store)
        let session = state.session(of: .default)
        try await small(state, session)
        let key = try StateKey(tenant: .default, name: "big")
        try await big(state, key)
        try await session.end(succeeded: true)
        // Nothing is in memory.
        let cold = SharedState(store: store)
        try await read(cold, key, "read 100 MiB from the disk")
        for size in [1 << 10, 64 << 10] { try await rewrite(cold, key, size) }
    }

    private func small(_ state: SharedState, _ session: StateSession) async throws {
        let count = 100_000
        let key = try StateKey(tenant: .default, name: "small")
        let value = [UInt8](repeating: 7, count: 1 << 10)
        for _ in 0..<2 {
            try await measure("set 1 KiB", count) {
                for _ in 0..<count { try await state.replace(key, by: value[...]) }
            }
            try await measure("get 1 KiB", count) { for _ in 0..<count { _ = try await state.read(key) } }
        }
        let get = HostFields.encode([Array("small".utf8), HostFields.bytes(UInt64(0)), HostFields.bytes(UInt64.max)])
        let set = HostFields.encode([Array("small".utf8), value])
        for (name, operation, request) in [("get", StateOperation.read, get), ("set", .write, set)] {
            try await measure("\(name) 1 KiB as a host call", count) {
                for _ in 0..<count {
                    let answer = await StateCalls.answer(operation, try HostFields.decode(request), of: session)
                    _ = HostFields.encode(try answer.get())
                }
            }
        }
        try await measure("set 1 KiB and push", 300) {
            for _ in 0..<300 {
                try await state.replace(key, by: value[...])
                try await state.push([key])
            }
        }
    }

    private func big(_ state: SharedState, _ key: StateKey) async throws {
        let piece = [UInt8](repeating: 9, count: 1 << 20)
        try await measure("write 100 MiB by ranges of 1 MiB", 100, bytes: 100 << 20) {
            for number in 0..<100 { try await state.write(key, at: number << 20, piece[...]) }
        }
        try await measure("push 100 MiB", 1, bytes: 100 << 20) { try await state.push([key]) }
        for _ in 0..<2 { try await read(state, key, "read 100 MiB from memory") }
    }

    private func read(_ state: SharedState, _ key: StateKey, _ name: String) async throws {
        try await measure(name, 100, bytes: 100 << 20) {
            for number in 0..<100 { _ = try await state.read(key, at: number << 20, count: 1 << 20) }
        }
    }

    private func rewrite(_ state: SharedState, _ key: StateKey, _ size: Int) async throws {
        let piece = [UInt8](repeating: 1, count: size)
        try await measure("change \(size >> 10) KiB and push", 100) {
            for number in 0..<100 {
                try await state.write(key, at: (number * 37 % 100) << 20, piece[...])
                try await state.push([key])
            }
        }
    }
}
