public import Labels
import Model
public import Storage

/// A gate that its caller may call, followed to the function that is to be run.
public struct ResolvedGate: Hashable, Sendable, Codable {
    /// The gate that holds the function, or that leads to the directory with it: whose concurrency counts.
    public var gate: ObjectID
    public var function: GateFunction
    public var settings: GateSettings
    /// What the function acts with: the privileges of all gates of the chain.
    public var privilege: Component
    /// The most that its result may shed: what all gates of the chain allow.
    public var declassify: Component
    /// The current label that the function starts with.
    public var label: Label
    /// Who called, as the function is told: tokens of each single principal.
    public var invokers: [[String]]
}

/// Calling gates and services, up to the point where something is run or sent.
extension Caller {
    /// Follows a gate to its function. The caller is tainted by every gate on the way, and must have the clearances of all.
    mutating func resolveGate(_ start: Node) async throws -> ResolvedGate {
        guard start.kind == .gate else { throw FileRefusal(.notAGate) }
        var node = start
        var (privilege, clearance, declassify) = (Component.true, Component.true, Component.true)
        for _ in 0..<files.limits.maximumHops {
            let (gate, object) = try await gate(node)
            do throws(LabelError) {
                privilege = try privilege.and(gate.privilege)
                clearance = try clearance.and(gate.clearance)
                declassify = try declassify.and(gate.declassify)
            } catch { throw FileRefusal(.malformed) }
            var function = gate.function
            if function == nil {
                guard let target = object.target, let head = try await files.store.object(target)?.head else {
                    throw FileRefusal(.doesNotExist)
                }
                node = try Node(head)
                if node.kind == .directory { function = try await self.function(in: node) }
            }
            guard let function else { continue }
            try apply(.invokeGate(clearance: clearance))
            return ResolvedGate(
                gate: object.head.id, function: function, settings: gate.settings, privilege: privilege,
                declassify: declassify, label: label, invokers: self.privilege.invokers)
        }
        throw FileRefusal(.gateLoop)
    }

    /// The function whose parts are the blobs `app` and `runtime` and the file `memory`, 8 bytes with the greatest first.
    private mutating func function(in directory: Node) async throws -> GateFunction {
        let app = try await open(entry: walk(from: directory, [FilePath.Step(name: "app")]))
        let runtime = try await open(entry: walk(from: directory, [FilePath.Step(name: "runtime")]))
        let memory = try await read(walk(from: directory, [FilePath.Step(name: "memory")]))
        guard memory.count == 8 else { throw FileRefusal(.malformed) }
        let megabytes = memory.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard 1...1_048_576 ~= megabytes else { throw FileRefusal(.malformed) }
        return GateFunction(memoryMegabytes: Int(megabytes), app: app.hash, runtime: .blob(runtime.hash))
    }

    // MARK: Services

    /// A new service, which is not stored yet.
    mutating func newService(_ service: Service, label own: Label) throws -> StoredObject {
        try Self.check(service)
        try apply(.makeService(own, privilege: service.privilege))
        var object = new(.service, own)
        object.content = try ObjectContent.encode(service)
        return object
    }

    /// Replaces all that a service is, without reading what it was.
    mutating func replace(_ node: Node, by service: Service) async throws {
        let (head, label) = try node.object(.service, or: .notAService)
        try Self.check(service)
        try apply(.replaceService(label, privilege: service.privilege))
        let content = try ObjectContent.encode(service)
        try await replace(head) { $0.content = content }
    }

    private static func check(_ service: Service) throws(FileRefusal) {
        guard ServiceTemplate.isSound(service.url), service.headers.count <= 64,
            service.headers.allSatisfy({ ServiceTemplate.isHeader($0.key, $0.value) })
        else { throw FileRefusal(.malformed) }
    }

    /// The request that a service makes of a payload. The caller has taken the taint of the answer when this returns:
    /// whatever comes of the request, it may know.
    mutating func resolveService(
        _ node: Node, payload: [UInt8], parameters: [String: String]
    ) async throws -> ServiceRequest {
        let (head, label) = try node.object(.service, or: .notAService)
        guard let object = try await files.store.object(head.id) else { throw FileRefusal(.doesNotExist) }
        let service = try ObjectContent.decode(Service.self, object.content)
        try apply(
            .invokeService(
                label, clearance: service.clearance, privilege: service.privilege, taint: service.taint))
        guard let url = ServiceTemplate.filled(service.url, with: parameters) else {
            throw FileRefusal(.malformed)
        }
        return ServiceRequest(url: url, verb: service.verb, headers: service.headers, body: payload, label: label)
    }
}
