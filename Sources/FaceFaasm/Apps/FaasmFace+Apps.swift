import Model
import Platform
import Storage

extension FaasmFace {
    /// Queues a batch durably and notes which calls it is of.
    func start(_ batch: Batch, _ access: Access) async throws -> AppRecord {
        try access.require(.run)
        let calls = try batch.messages.map { message in
            let key = try message.function()
            try access.requireVisible(key)
            return QueuedCall(function: key, input: message.input, detail: message.detail)
        }
        let record = AppRecord(batch, try await platform.enqueue(calls))
        try await platform.keep(
            App(owner: access.account, number: record.number, createdAt: platform.now, record: record.bytes))
        return record
    }

    /// A known app as it is now, or once it has ended, or after `limit`; nil: there is none of that number, or all of its calls
    /// are forgotten.
    func app(_ number: Int64, within limit: Duration, _ access: Access) async throws -> AppView? {
        var found = try await platform.app(number, of: access.account).flatMap { AppRecord($0) }
        if found == nil { found = try await synchronous(number) }
        guard let record = found else { return nil }
        for call in record.calls { try access.requireVisible(try call.message.function()) }
        let families = try await platform.families(of: record.executions, endedWithin: limit)
        return families.isEmpty ? nil : AppView(record, families)
    }

    /// A synchronous call, as an app of one call; nil: there is none of that number.
    private func synchronous(_ number: Int64) async throws -> AppRecord? {
        for second in CallNumbers.seconds(of: number, before: platform.now) {
            var filter = ExecutionFilter(
                createdFrom: second.lowerBound, createdBefore: second.upperBound, limit: Self.listedApps)
            while true {
                let page = try await platform.executions(matching: filter)
                if let call = page.first(where: { CallNumbers.isIn($0.id, number) }),
                    let message = Message(call, number)
                {
                    return AppRecord(Batch(number: number, messages: [message]), [call.id])
                }
                guard page.count == Self.listedApps, let last = page.last else { break }
                filter.before = last.id
            }
        }
        return nil
    }

    /// The apps of a caller that may not have ended: how many of their calls have not, and which they are.
    func appsInFlight(_ access: Access) async throws -> [(record: AppRecord, unfinished: Int)] {
        var found: [(AppRecord, Int)] = []
        for app in try await platform.apps(of: access.account, limit: Self.listedApps) {
            guard let record = AppRecord(app) else { continue }
            let unfinished = try await platform.executions(record.executions).count { !$0.status.isFinal }
            if unfinished > 0 { found.append((record, unfinished)) }
        }
        return found
    }

    /// Forgets the apps of a caller that have ended.
    func forgetApps(_ access: Access) async throws {
        let inFlight = Set(try await appsInFlight(access).map(\.record.number))
        while true {
            let apps = try await platform.apps(of: access.account, limit: Self.listedApps)
            let ended = apps.map(\.number).filter { !inFlight.contains($0) }
            try await platform.forgetApps(ended, of: access.account)
            if ended.count < Self.listedApps { return }
        }
    }

    private static let listedApps = 1000
}
