public import Model
import Storage

/// A line that a call of a function printed.
public struct FunctionLogLine: Hashable, Sendable {
    public var execution: ExecutionID
    public var line: LogLine
}

extension Platform {
    /// Calls that are looked at for the past lines of a function.
    private static let maximumLookedAtCalls = 10_000
    private static let page = 200

    /// What a function's calls printed, oldest first: from `since` on, and of that the last `tail` lines.
    public func logs(
        of key: FunctionKey, since: Timestamp? = nil, tail: Int? = nil
    ) async throws(PlatformError) -> [FunctionLogLine] {
        var lines: [FunctionLogLine] = []
        // A line may come long after its call began.
        let longest = Duration.milliseconds(FunctionLimits.maximum.wallTimeMilliseconds)
        let from = since.map { Timestamp(microseconds: $0.microseconds - longest.microseconds) }
        var filter = ExecutionFilter(function: key, createdFrom: from, limit: Self.page)
        var seen = 0
        while seen < Self.maximumLookedAtCalls, lines.count < tail ?? .max {
            let current = filter
            let listed = try await PlatformError.storing { try await store.executions(matching: current) }
            guard let last = listed.last else { break }
            let whole = try await PlatformError.storing { try await store.executions(listed.map(\.id)) }
            for execution in whole {
                lines += execution.logs.reversed().filter { line in since.map { line.time >= $0 } ?? true }
                    .map { FunctionLogLine(execution: execution.id, line: $0) }
            }
            seen += listed.count
            filter.before = last.id
        }
        if let tail { lines = Array(lines.prefix(tail)) }
        return lines.reversed()
    }

    /// As ``logs(of:since:tail:)``, and then what calls print that end from now on, until the consumer stops.
    public func followLogs(
        of key: FunctionKey, since: Timestamp?, tail: Int?,
        _ consume: @Sendable (FunctionLogLine) async throws -> Void
    ) async throws {
        // Who listens before it looks back misses nothing, and tells what it saw twice by the call.
        let events = hub.functions.subscribe(key)
        let past = try await logs(of: key, since: since, tail: tail)
        for line in past { try await consume(line) }
        let told = Set(past.map(\.execution))
        for await event in events where !told.contains(event.execution) {
            for line in event.lines { try await consume(FunctionLogLine(execution: event.execution, line: line)) }
        }
    }
}
