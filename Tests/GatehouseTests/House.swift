import Blobs
import Foundation
import LabelledFiles
import Labels
import Logging
import Model
import Platform
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import Gatehouse

/// A server's gates on scripted sandboxes, for one test.
struct House {
    let fixture: PlatformFixture
    let gatehouse: Gatehouse
    let sender: ScriptedSender
    private let folder: String
    private let configuration: GatehouseConfiguration

    var sandbox: ScriptedSandbox { fixture.sandbox }

    /// Runs a test on a new one, with homes for `alice` and `bob`.
    static func run(
        _ configuration: GatehouseConfiguration = configured { _ in }, hosts: [String] = [],
        time: TimeSource = .system, _ body: (House) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let result: Result<Void, any Error>
        do { result = .success(try await body(try await Self(folder, configuration, hosts, time))) } catch {
            result = .failure(error)
        }
        try FileManager.default.removeItem(atPath: folder)
        try result.get()
    }

    /// The usual limits, but for those that a test changes.
    static func configured(_ change: (inout GatehouseConfiguration) -> Void) -> GatehouseConfiguration {
        var configuration = GatehouseConfiguration(keys: SigningKeys(publicPEM: [1], privatePEM: [2]))
        change(&configuration)
        return configuration
    }

    private init(
        _ folder: String, _ configuration: GatehouseConfiguration, _ hosts: [String], _ time: TimeSource
    ) async throws {
        fixture = try PlatformFixture({ $0.allowedHosts = hosts.compactMap { HostPattern($0) } }, time: time)
        sender = ScriptedSender()
        (self.folder, self.configuration) = (folder, configuration)
        gatehouse = try await Self.open(fixture, sender, folder, configuration)
        for user in ["alice", "bob"] { try await gatehouse.files.prepareHome(of: component(user)) }
    }

    /// The gates as the next server has them, after this one was killed.
    func reopened() async throws -> Gatehouse { try await Self.open(fixture, sender, folder, configuration) }

    private static func open(
        _ fixture: PlatformFixture, _ sender: ScriptedSender, _ folder: String, _ configuration: GatehouseConfiguration
    ) async throws -> Gatehouse {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let blobs = try BlobFolder(path: folder + "/blobs")
        let functions = GateFunctions(platform: fixture.platform, blobs: blobs, logger: logger)
        let files = try await LabelledFiles.open(
            store: fixture.store, blobs: blobs, maximumBytesPerOwner: 64 << 20,
            objection: { await functions.objection(to: $0, $1) },
            now: { [platform = fixture.platform] in platform.now })
        return try await Gatehouse.open(
            platform: fixture.platform, files: files, functions: functions, sender: sender,
            configuration: configuration, logger: logger)
    }

    /// Calls a gate.
    func invoke(
        _ path: String, as user: String, _ payload: String = "{}", label: String = "T,T",
        headers: [String: String] = [:], uploads: [(name: String, upload: Upload)] = []
    ) async throws -> GateAnswer {
        try await gatehouse.invoke(
            try request(path, as: user, payload, label: label, headers: headers, uploads: uploads))
    }

    func request(
        _ path: String, as user: String, _ payload: String = "{}", label: String = "T,T",
        headers: [String: String] = [:], uploads: [(name: String, upload: Upload)] = []
    ) throws -> GateRequest {
        GateRequest(
            path: try FilePath(parsing: path), user: try component(user), label: try Label(parsing: label),
            payload: Array(payload.utf8), headers: headers, uploads: uploads)
    }

    func upload(_ bytes: [UInt8], as user: String) async throws -> Upload {
        let pending = try gatehouse.beginUpload(as: component(user), label: .public)
        try await pending.append(bytes)
        return try await pending.finish()
    }

    /// What somebody's `fsutil` answers.
    @discardableResult
    func fsutil(_ json: String, as user: String, _ uploads: [(name: String, upload: Upload)] = []) async throws
        -> String
    {
        let answer = try await invoke("~:fsutil", as: user, json, uploads: uploads)
        guard case .bytes(let bytes) = answer.body else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Makes a gate of a module's text.
    func register(
        _ path: String, _ policy: String, as user: String, label: String? = nil,
        _ source: String = "def handle(e, c): pass"
    ) async throws {
        let upload = try await upload(Array(source.utf8), as: user)
        let own = label.map { #", "label": "\#($0)""# } ?? ""
        let reply = try await fsutil(
            #"{"op": "create-gate", "args": {"path": "\#(path)", "policy": "\#(policy)", "memory": 128, "runtime": "python"\#(own)}}"#,
            as: user, [("app", upload)])
        try #require(reply == #"{"success":true}"#)
    }

    /// Asks as a function would that runs; the code first.
    func ask(_ operation: FileOperation, _ fields: [UInt8]..., of call: ExecutionID) async throws -> [[UInt8]] {
        try await sandbox.ask(operation.rawValue, fields, of: call).get()
    }

    /// Calls another gate or service as a function would, and waits.
    func call(_ path: String, _ payload: String = "{}", of caller: ExecutionID) async throws -> [[UInt8]] {
        try await ask(.invoke, [1], bytes(path), bytes(payload), [], of: caller)
    }
}

/// Sends nothing: what is to be sent is noted, and the answers that were set are given in turn.
final class ScriptedSender: OutboundSender {
    private let state = Mutex<(requests: [OutboundRequest], answers: [OutboundAnswer])>(([], []))

    var requests: [OutboundRequest] { state.withLock { $0.requests } }
    func answer(_ status: Int, _ headers: [(name: String, value: String)] = [], _ body: String = "") {
        state.withLock { $0.answers.append(OutboundAnswer(status: status, headers: headers, body: Array(body.utf8))) }
    }

    func send(_ request: OutboundRequest) async -> Result<OutboundAnswer, OutboundFailure> {
        state.withLock { state in
            state.requests.append(request)
            return state.answers.isEmpty ? .failure(.failed("nobody answers")) : .success(state.answers.removeFirst())
        }
    }
}

extension CallOutcome {
    /// What a handler's answer comes out of a sandbox as.
    static func answer(_ body: String, status: UInt16 = 200, hasFailed: Bool = false) -> CallOutcome {
        let fields = [HostFields.bytes(status), [hasFailed ? 1 : 0], Array(body.utf8)]
        let fault = hasFailed ? ExecutionFault(kind: .raised, type: "ValueError", message: "no") : nil
        return CallOutcome(output: HostFields.encode(fields), fault: fault, logs: [], usage: ResourceUsage())
    }
}

extension GateAnswer {
    var text: String { if case .bytes(let bytes) = body { String(decoding: bytes, as: UTF8.self) } else { "" } }
}

func component(_ text: String) throws -> Component { try Component(parsing: text) }
func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

/// Why a gate gave no answer; nil where it gave one.
func failure(_ body: () async throws -> Void) async -> GateFailure? {
    do {
        try await body()
        return nil
    } catch {
        if !(error is GateFailure) { Issue.record(error) }
        return error as? GateFailure
    }
}
