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
        let stored = try await platform.app(number, of: access.account).flatMap { AppRecord($0) }
        guard let record = stored ?? recent.app(number, access.account) else { return nil }
        for call in record.calls { try access.requireVisible(try call.message.function()) }
        let families = try await platform.families(of: record.executions, endedWithin: limit)
        return families.isEmpty ? nil : AppView(record, families)
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
