import AsyncHTTPClient
import Logging
import Model
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import Storage
import StorageSQLite
import Synchronization
import TestSupport
import Testing

@testable import Server

/// Scripted sandboxes as the server wants them.
struct SandboxServiceDouble: SandboxService, Service {
    let base = ScriptedSandbox()

    func prepare(_ request: PrepareRequest) async throws(SandboxRefusal) -> PrepareOutcome {
        try await base.prepare(request)
    }
    func call(_ request: CallRequest) async throws(SandboxRefusal) -> CallOutcome { try await base.call(request) }
    func cancel(_ id: ExecutionID) -> Bool { base.cancel(id) }
    func forget(_ image: ImageID) { base.forget(image) }
    func park(_ id: ExecutionID) { base.park(id) }
    func unpark(_ id: ExecutionID) { base.unpark(id) }
    func lend(_ copy: StateCopy, to id: ExecutionID) { base.lend(copy, to: id) }
    func setHostCalls(_ service: any HostCallService) { base.setHostCalls(service) }
    var sandboxStatus: SandboxStatus? { base.sandboxStatus }
    func run() async throws { try? await gracefulShutdown() }
}

struct ServerTests {
    /// Runs a server while `body` runs, and stops it gracefully after.
    private func withServer(
        _ folder: TemporaryFolder, _ sandbox: SandboxServiceDouble = SandboxServiceDouble(),
        _ body: @escaping @Sendable (Server.Place) async throws -> Void
    ) async throws {
        var configuration = ServerConfiguration(dataFolder: folder.path)
        configuration.port = 0
        configuration.faasm.upload = .off
        configuration.logLevel = .critical
        let (places, ready) = AsyncStream<Server.Place>.makeStream()
        let group = ServiceGroup(
            services: [Running(configuration: configuration, sandbox: sandbox) { ready.yield($0) }],
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { ready.finish() }
                try await group.run()
            }
            if let place = await places.first(where: { _ in true }) { try await body(place) }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    /// A server inside the group of a test, from which it hears when to stop.
    private struct Running: Service {
        var configuration: ServerConfiguration
        var sandbox: SandboxServiceDouble
        var onReady: @Sendable (Server.Place) -> Void

        func run() async throws {
            try await Server.run(configuration, sandbox: { _, _ in sandbox }, onReady: { onReady($0) })
        }
    }

    private func ask(
        _ place: Server.Place, _ method: String, _ path: String, token: String? = nil, _ body: String? = nil
    ) async throws -> (status: Int, body: String) {
        var request = HTTPClientRequest(url: place.url + path)
        request.method = .init(rawValue: method)
        if let token { request.headers.add(name: "Authorization", value: "Token \(token)") }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        return (Int(response.status.code), String(buffer: try await response.body.collect(upTo: 1 << 20)))
    }

    @Test func `deploys and runs over HTTP, and keeps everything over a restart`() async throws {
        let folder = try TemporaryFolder()
        let queued = Mutex("")
        try await withServer(folder) { place in
            let token = try folder.read("admin.token").split(separator: "\n")[0]
            #expect(try await ask(place, "GET", "/healthz").status == 200)
            #expect(try await ask(place, "GET", "/v1/functions/").status == 401)
            for (method, path) in [
                ("GET", "/nowhere"), ("GET", "/v1"), ("POST", "/healthz"), ("PROPFIND", "/v1/functions/"),
            ] {
                let answer = try await ask(place, method, path)
                let body = #"{"message":"Not found.","detail":"Not found.","error_code":null,"server_traceback":null}"#
                #expect(answer.status == 404 && answer.body == body, "\(method) \(path)")
            }
            let create = #"{"name": "hello", "code": "x%20", "context": "A%3D1"}"#
            #expect(try await ask(place, "PUT", "/v1/functions/", token: String(token), create).status == 200)
            let run = try await ask(place, "GET", "/v1/sync/functions/hello/rpc/?a=1", token: String(token))
            #expect(run.body == #"{"a":"1"}"#)
            let id = try await ask(place, "POST", "/v1/functions/hello/rpc/", token: String(token), #"{"b": 2}"#).body
            queued.withLock { $0 = String(id.dropFirst().dropLast()) }
        }
        let sandbox = SandboxServiceDouble()
        try await withServer(folder, sandbox) { place in
            let token = String(try folder.read("admin.token").split(separator: "\n")[0])
            let run = try await ask(place, "POST", "/v1/sync/functions/hello/rpc/", token: token, "{}")
            #expect(run.status == 200)
            #expect(sandbox.base.called.contains { $0.context == Array(#"{"A":"1"}"#.utf8) })
            let path = "/v1/executions/\(queued.withLock { $0 })"
            var answer = try await ask(place, "GET", path, token: token)
            while !answer.body.contains("Success") { answer = try await ask(place, "GET", path, token: token) }
            #expect(answer.body.contains(#""output":{"b": 2}"#))
        }
    }

    @Test func `is not healthy without workers`() async throws {
        let sandbox = SandboxServiceDouble()
        sandbox.base.setStatus(SandboxStatus(workers: 0, wantedWorkers: 2, capacity: 0, running: 0, waiting: 0))
        try await withServer(try TemporaryFolder(), sandbox) { place in
            let answer = try await ask(place, "GET", "/healthz")
            #expect(answer.status == 503)
            #expect(
                answer.body
                    == #"{"status":"failing","message":"No worker is up.","workers":0,"running":0,"waiting":0}"#)
        }
    }

    @Test func `answers while it prepares, and is ready afterwards`() async throws {
        let sandbox = SandboxServiceDouble()
        sandbox.base.setStatus(
            SandboxStatus(
                workers: 0, wantedWorkers: 0, capacity: 0, running: 0, waiting: 0, preparation: "It is being compiled.")
        )
        try await withServer(try TemporaryFolder(), sandbox) { place in
            let answer = try await ask(place, "GET", "/healthz")
            #expect(answer.status == 503 && answer.body.contains("It is being compiled."))
        }
    }

    @Test func `a second server on the same folder is refused`() async throws {
        let folder = try TemporaryFolder()
        try await withServer(folder) { _ in
            await #expect(throws: StorageError.self) { try await withServer(folder) { _ in } }
        }
    }

    @Test func `a taken port is named`() async throws {
        try await withServer(try TemporaryFolder()) { place in
            var configuration = ServerConfiguration(dataFolder: try TemporaryFolder().path)
            configuration.port = Int(place.url.split(separator: ":").last ?? "") ?? 0
            configuration.logLevel = .critical
            await #expect {
                try await Server.run(
                    configuration,
                    sandbox: { _, _ in
                        Issue.record("it went on")
                        return SandboxServiceDouble()
                    })
            } throws: {
                ($0 as? ConfigurationError)?.key == "--listen"
            }
        }
    }

    @Test(arguments: [
        ("192.0.2.1", "is no address of this machine; choose another address"),
        ("nowhere.invalid", "has a name that is not known; choose another address"),
    ])
    func `an address that cannot be had is named`(host: String, why: String) async throws {
        var configuration = ServerConfiguration(dataFolder: try TemporaryFolder().path)
        (configuration.host, configuration.port) = (host, 8080)
        configuration.logLevel = .critical
        let error = await #expect(throws: ConfigurationError.self) {
            try await Server.run(configuration, sandbox: { _, _ in SandboxServiceDouble() })
        }
        #expect(error == ConfigurationError(key: "--listen", message: "\(host):8080 \(why)"))
    }
}
