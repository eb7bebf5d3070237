import Foundation
import Model
import Storage
import Synchronization
import Testing

@testable import SharedState

@Suite struct StateCallTests {
    private let state = SharedState(store: ScriptedStore())
    private let session: StateSession

    init() { session = state.session(of: .default) }

    private func ask(_ operation: StateOperation, _ fields: [[UInt8]]) async throws -> [[UInt8]] {
        let request = try HostFields.decode(HostFields.encode(fields))
        return try await StateCalls.answer(operation, request, of: session).get()
    }

    private func number(_ value: UInt64) -> [UInt8] { HostFields.bytes(value) }

    @Test func `operations have the numbers of the contract`() {
        #expect(StateOperation.allCases.map(\.rawValue) == Array(32...44))
    }

    @Test func `values are written, read by ranges and deleted`() async throws {
        let key = Array("k".utf8)
        #expect(try await ask(.size, [key]) == [number(0)])
        #expect(try await ask(.read, [key, number(0), number(.max)]) == [number(0), []])
        #expect(try await ask(.write, [key, Array("0123456789".utf8)]) == [])
        #expect(try await ask(.push, [key]) == [])
        #expect(try await ask(.pull, [key]) == [])
        #expect(try await ask(.writeRange, [key, number(10), number(2), Array("999".utf8)]) == [])
        #expect(try await ask(.read, [key, number(0), number(.max)]) == [number(10), Array("0199956789".utf8)])
        #expect(try await ask(.read, [key, number(4), number(4)]) == [number(10), Array("9567".utf8)])
        #expect(try await ask(.read, [key, number(.max), number(.max)]) == [number(10), []])
        #expect(try await ask(.delete, [key]) == [[1]])
        #expect(try await ask(.delete, [key]) == [[0]])
    }

    @Test func `what is in memory is answered before anything else happens`() async throws {
        let key = Array("k".utf8)
        _ = try await ask(.write, [key, [1, 2, 3]])
        let requests: [(StateOperation, [[UInt8]])] = [
            (.size, [key]), (.read, [key, number(0), number(9)]), (.write, [key, [4]]), (.append, [key, [5]]),
            (.compareAndSet, [key, [1], [4], [6]]), (.lock, [key, [1]]), (.unlock, [key, [1]]),
        ]
        let count = AnswerCount()
        // On a thread that runs no tasks, as that which hears a worker.
        let counts = await withCheckedContinuation { continuation in
            Thread.detachNewThread { [session] in
                continuation.resume(
                    returning: requests.map { operation, fields in
                        Task.immediate {
                            _ = await StateCalls.answer(operation, fields.map { $0[...] }, of: session)
                            count.value.add(1, ordering: .relaxed)
                        }
                        return count.value.load(ordering: .relaxed)
                    })
            }
        }
        #expect(counts == Array(1...requests.count))
    }

    private final class AnswerCount: Sendable { let value = Atomic(0) }

    @Test func `logs, comparisons and locks have their fields`() async throws {
        let key = Array("é".utf8)
        for entry in [[1], [], [2, 3]] as [[UInt8]] { #expect(try await ask(.append, [key, entry]) == []) }
        #expect(try await ask(.readAppended, [key, number(.max)]) == [[1], [], [2, 3]])
        #expect(try await ask(.readAppended, [key, number(1)]) == [[1]])
        #expect(try await ask(.clearAppended, [key]) == [])
        #expect(try await ask(.readAppended, [key, number(.max)]) == [])
        #expect(try await ask(.compareAndSet, [key, [1], [], [5]]) == [[0]], "empty is not absent")
        #expect(try await ask(.compareAndSet, [key, [0], [], [5]]) == [[1]])
        #expect(try await ask(.compareAndSet, [key, [1], [5], []]) == [[1]])
        #expect(try await ask(.compareAndSet, [key, [0], [], [5]]) == [[0]])
        #expect(try await ask(.lock, [key, [1]]) == [])
        #expect(try await ask(.unlock, [key, [1]]) == [])
    }

    @Test(arguments: [1, 2] as [UInt64])
    func `whatever a guest sends is answered, or refused with an exception that it knows`(_ seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let known = ["ValueError", "RuntimeError"]
        let pieces: [[UInt8]] = [
            [], [0], [1], [2], Array("k".utf8), [0xFF, 0xFE], number(0), number(5), number(1 << 62), number(.max),
            [UInt8](repeating: 1, count: 513),
        ]
        for round in 0..<3000 {
            let operation = StateOperation.allCases[random.next(below: StateOperation.allCases.count)]
            // A lock that is had by another call would not be answered; here there is one call.
            let fields = (0..<random.next(below: 6)).map { _ in pieces[random.next(below: pieces.count)] }
            do {
                _ = try await ask(operation, fields)
            } catch let refusal as HostCallRefusal {
                let name = refusal.kind.rawValue
                #expect(known.contains(name), "seed \(seed), round \(round): \(operation) \(fields)")
            }
        }
        try await session.end(succeeded: true)
        #expect(state.locks.isIdle)
    }

    @Test func `refusals begin with the exception to raise`() async throws {
        let key = Array("k".utf8)
        let refused: [(StateOperation, [[UInt8]], String)] = [
            (.size, [[]], "ValueError\nA state key has 1 to 512 bytes"),
            (.size, [[0]], "ValueError\nA state key has no NUL"),
            (.size, [[0xFF]], "ValueError\nA state key is text in UTF-8"),
            (.size, [], "ValueError\nThe request to the shared state is malformed: a field is missing"),
            (.size, [key, key], "ValueError\nThe request to the shared state is malformed: there are too many"),
            (.read, [key, [1], number(1)], "ValueError\nThe request to the shared state is malformed: a number"),
            (.lock, [key, [2]], "ValueError\nThe request to the shared state is malformed: a flag"),
            (.unlock, [key, [0]], "RuntimeError\nThis call has no read lock"),
            (.writeRange, [key, number(0), number(.max), [1]], "RuntimeError\nThe value would have"),
        ]
        for (operation, fields, sentence) in refused {
            let error = await #expect(throws: HostCallRefusal.self) { try await ask(operation, fields) }
            #expect(error?.text.hasPrefix(sentence) == true, "\(error?.text ?? "no error")")
        }
    }
}
