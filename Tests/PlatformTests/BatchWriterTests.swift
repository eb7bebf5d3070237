import Logging
import ServiceLifecycle
import Synchronization
import Testing

@testable import Platform

struct BatchWriterTests {
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private struct Full: Error {}

    @Test func `writes in order what was submitted, and a flush waits for it`() async {
        let written = Mutex<[Int]>([])
        let writer = BatchWriter<Int>(label: "test", logger: logger) { batch in written.withLock { $0 += batch } }
        for number in 0..<2000 { writer.submit(number) }
        #expect(writer.backlog == 2000)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<10 { group.addTask { await writer.flush() } }
        }
        #expect(written.withLock { $0 } == Array(0..<2000) && writer.backlog == 0)
    }

    @Test func `keeps what the store refused and writes it later, in order`() async throws {
        let written = Mutex<[Int]>([])
        let failures = Mutex(2)
        let writer = BatchWriter<Int>(label: "test", logger: logger) { batch in
            let fails = failures.withLock { count in
                count -= 1
                return count >= 0
            }
            if fails { throw Full() }
            written.withLock { $0 += batch }
        }
        writer.submit(1)
        await writer.flush()
        #expect(writer.backlog == 1)
        writer.submit(2)
        let group = ServiceGroup(services: [writer], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            while writer.backlog > 0 { await Task.yield() }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        #expect(written.withLock { $0 } == [1, 2])
    }

    @Test func `a stop writes what is left`() async throws {
        let written = Mutex<[Int]>([])
        let writer = BatchWriter<Int>(label: "test", logger: logger) { batch in written.withLock { $0 += batch } }
        for number in 0..<1000 { writer.submit(number) }
        let group = ServiceGroup(services: [writer], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        #expect(written.withLock { $0.count } == 1000)
    }
}
