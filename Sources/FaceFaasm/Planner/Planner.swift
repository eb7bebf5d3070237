import HTTPTypes
import Hummingbird
import Model
import Platform
import Storage
import Synchronization

/// The messages that Faasm's planner understands, by their numbers.
enum PlannerMessage: Int64, CaseIterable {
    case reset = 1
    case flushAvailableHosts = 2
    case flushExecutors = 3
    case flushSchedulingState = 4
    case getAvailableHosts = 5
    case getConfig = 6
    case getExecGraph = 7
    case getInFlightApps = 8
    case executeBatch = 10
    case executeBatchStatus = 11
    case preloadSchedulingDecision = 12
    case setPolicy = 13
    case getPolicy = 14
    case setNextEvictedVM = 15

    /// As the protobuf definition spells it.
    var name: String {
        switch self {
        case .reset: "RESET"
        case .flushAvailableHosts: "FLUSH_AVAILABLE_HOSTS"
        case .flushExecutors: "FLUSH_EXECUTORS"
        case .flushSchedulingState: "FLUSH_SCHEDULING_STATE"
        case .getAvailableHosts: "GET_AVAILABLE_HOSTS"
        case .getConfig: "GET_CONFIG"
        case .getExecGraph: "GET_EXEC_GRAPH"
        case .getInFlightApps: "GET_IN_FLIGHT_APPS"
        case .executeBatch: "EXECUTE_BATCH"
        case .executeBatchStatus: "EXECUTE_BATCH_STATUS"
        case .preloadSchedulingDecision: "PRELOAD_SCHEDULING_DECISION"
        case .setPolicy: "SET_POLICY"
        case .getPolicy: "GET_POLICY"
        case .setNextEvictedVM: "SET_NEXT_EVICTED_VM"
        }
    }

    init?(_ members: JSONMembers) {
        if let number = members.number("http_type", "type") {
            self.init(rawValue: number)
        } else {
            guard let name = members.text("http_type", "type"),
                let known = Self.allCases.first(where: { $0.name == name })
            else { return nil }
            self = known
        }
    }
}

/// The scheduling policy that a client set. It changes nothing here, but clients ask for it again.
final class PolicyName: Sendable {
    static let known = ["bin-pack", "compact", "spot"]

    private let name = Mutex("bin-pack")

    var current: String { name.withLock { $0 } }

    /// False: there is no such policy.
    func set(_ text: String) -> Bool {
        guard Self.known.contains(text) else { return false }
        name.withLock { $0 = text }
        return true
    }
}

extension FaasmFace {
    /// `POST /` with planner JSON.
    func plan(_ message: PlannerMessage, _ payload: String?, _ access: Access) async throws -> Response {
        switch message {
        case .executeBatch: return try await executeBatch(try object(payload), access)
        case .executeBatchStatus: return try await batchStatus(try object(payload), access)
        case .getExecGraph: return try await execGraph(try object(payload), access)
        case .getInFlightApps: return try await inFlightApps(access)
        case .getAvailableHosts: return try availableHosts(access)
        case .reset:
            try access.require(.run)
            try await forgetApps(access)
            return Reply.text("Planner fully reset!")
        case .flushAvailableHosts: return Reply.text("Flushed available hosts!")
        case .flushExecutors: return Reply.text("Flushed executors!")
        case .flushSchedulingState: return Reply.text("Flushed scheduling state!")
        case .getConfig:
            return Reply.json { writer in
                writer.member("ip", configuration.nodeName)
                writer.member("hostTimeout", Int64(Self.hostTimeoutSeconds))
                writer.member("numThreadsHttpServer", 1)
            }
        case .preloadSchedulingDecision: return Reply.text("Decision pre-loaded to planner")
        case .setNextEvictedVM:
            guard policy.current == "spot" else {
                throw Failure(.badRequest, "Next evicted VM must only be set in 'spot' policy")
            }
            return Reply.text("Next evicted VM set")
        case .getPolicy: return Reply.text(policy.current)
        case .setPolicy:
            try access.require(.run)
            let name = payload ?? ""
            guard policy.set(name) else { throw Failure(.badRequest, "Unrecognised policy name: \(name)") }
            return Reply.text("Policy set correctly")
        }
    }

    /// After so many seconds without a sign of life Faasm takes a host for gone; ours are processes that are seen to end.
    private static let hostTimeoutSeconds = 5

    private func object(_ payload: String?) throws -> JSONMembers {
        guard let members = payload.flatMap({ JSONMembers(Array($0.utf8)) }) else {
            throw Failure(.badRequest, "Bad JSON in body's payload")
        }
        return members
    }

    private func executeBatch(_ members: JSONMembers, _ access: Access) async throws -> Response {
        guard let batch = Batch(members) else { throw Failure(.badRequest, "Bad BatchExecRequest") }
        do {
            let record = try await start(batch, access)
            return Reply.json { $0.member("appId", record.number) }
        } catch let error as PlatformError where error.code == .busy || error.code == .noSpots {
            // What clients of Faasm take as a sign to try again.
            throw Failure(.internalServerError, "No available hosts")
        }
    }

    private func batchStatus(_ members: JSONMembers, _ access: Access) async throws -> Response {
        try access.require(.run)
        guard let number = members.number("appId", "app_id"),
            let app = try await app(number, within: configuration.statusWait, access)
        else { throw Failure(.internalServerError, "App not registered in results") }
        return Reply.json { writer in
            writer.member("appId", number)
            if app.hasEnded {
                writer.key("finished")
                writer.bool(true)
            }
            let ended = app.order.filter { app.nodes[$0]?.execution.status.isFinal == true }
            guard !ended.isEmpty else { return }
            writer.key("messageResults")
            writer.array { writer in
                for id in ended { app.result(id, self)?.write(into: &writer, self) }
            }
        }
    }

    private func execGraph(_ members: JSONMembers, _ access: Access) async throws -> Response {
        try access.require(.run)
        let number = members.number("appId", "app_id") ?? 0
        guard let bytes = try await graph(app: number, call: members.number("id") ?? 0, access) else {
            throw Failure(.internalServerError, "Failed getting exec. graph!")
        }
        return Reply.bytes(bytes, type: "application/json")
    }

    /// The graph of a call of an app; nil while a part of it is unknown.
    func graph(app number: Int64, call id: Int64, _ access: Access) async throws -> [UInt8]? {
        guard let app = try await app(number, within: .zero, access) else { return nil }
        var writer = JSONWriter()
        return app.writeGraph(of: id, self, into: &writer) ? writer.bytes : nil
    }

    private func inFlightApps(_ access: Access) async throws -> Response {
        try access.require(.run)
        let apps = try await appsInFlight(access)
        return Reply.json { writer in
            guard !apps.isEmpty else { return }
            writer.key("apps")
            writer.array { writer in
                for (record, unfinished) in apps {
                    writer.object { writer in
                        writer.member("appId", record.number)
                        if record.subType != 0 { writer.member("subType", record.subType) }
                        writer.member("size", Int64(unfinished))
                        writer.key("hostIps")
                        writer.array { writer in
                            for _ in 0..<unfinished { writer.string(configuration.nodeName) }
                        }
                    }
                }
            }
        }
    }

    private func availableHosts(_ access: Access) throws -> Response {
        try access.require(.run)
        return Reply.json { writer in
            guard let status = platform.sandbox.sandboxStatus, status.workers > 0 else { return }
            writer.key("hosts")
            writer.array { writer in
                writer.object { writer in
                    writer.member("ip", configuration.nodeName)
                    writer.member("slots", Int64(status.capacity))
                    if status.running > 0 { writer.member("usedSlots", Int64(status.running)) }
                    writer.key("registerTs")
                    writer.object { $0.member("epochMs", "\(startedAt.microseconds / 1000)") }
                }
            }
        }
    }
}
