import FoundationEssentials
import Labels
import Model

/// A blob, or something to run, as functions name it in JSON: `{"handle": 3}`, `{"hash": "…"}` or `{"path": …}`.
struct WireSource: Decodable {
    var handle: UInt32?
    var hash: String?
    var path: WirePath?
}

/// `{"name": "python"}`, or a blob.
struct WireRuntime: Decodable {
    var name: String?
    var handle: UInt32?
    var hash: String?
    var path: WirePath?
}

/// A gate that is to be made or changed. Where `gate` is given it is a redirect.
struct WireGate: Decodable {
    var privilege: WireComponent?
    var clearance: WireComponent?
    var declassify: WireComponent?
    var memory: Int?
    var app: WireSource?
    var runtime: WireRuntime?
    var kernel: WireSource?
    var gate: WireSource?
    var settings: GateSettings?
}

struct WireService: Decodable {
    var privilege: WireComponent
    var clearance: WireComponent
    var taint: WireLabel
    var url: String
    var verb: Int
    var headers: [String: String]?

    func service() throws(FileRefusal) -> Service {
        guard let verb = HTTPVerb(rawValue: verb) else { throw FileRefusal(.malformed) }
        return Service(
            privilege: privilege.component, clearance: clearance.component, taint: taint.label, url: url, verb: verb,
            headers: headers ?? Service.usualHeaders)
    }
}

extension Service {
    static let usualHeaders = ["accept": "*/*", "user-agent": "faasten"]
}

/// What a function is told of a gate.
struct GateDescription: Encodable {
    var privilege: Component
    var invokerIntegrityClearance: Component
    var declassify: Component
    var function: Function?
    /// The handle of what a redirect leads to.
    var target: UInt32?
    var settings: GateSettings

    /// The members have the names that a gate is made with.
    struct Function: Encodable {
        /// In MB.
        var memory: Int
        var app: String?
        /// A name or a hash.
        var runtime: String
        var kernel: String?

        init(_ function: GateFunction) {
            memory = function.memoryMegabytes
            app = function.app?.description
            kernel = function.kernel?.description
            switch function.runtime {
            case .name(let name), .builtIn(let name): runtime = name
            case .blob(let hash): runtime = hash.description
            }
        }
    }
}

extension Caller {
    mutating func source(_ wire: WireSource) async throws -> BlobSource {
        try await source(handle: wire.handle, hash: wire.hash, path: wire.path)
    }

    private mutating func source(handle: UInt32?, hash: String?, path: WirePath?) async throws -> BlobSource {
        switch (handle, hash, path) {
        case (let handle?, nil, nil): return try blobSource(handle)
        case (nil, let hash?, nil):
            guard let hash = BlobHash(hash) else { throw FileRefusal(.malformed) }
            return .hash(hash)
        case (nil, nil, let path?): return .node(try await resolve(path.path))
        default: throw FileRefusal(.malformed)
        }
    }

    mutating func runtime(_ wire: WireRuntime) async throws -> FunctionDraft.Runtime {
        if let name = wire.name { return .name(name) }
        return .blob(try await source(handle: wire.handle, hash: wire.hash, path: wire.path))
    }

    private mutating func gateNode(_ wire: WireSource) async throws -> Node {
        switch (wire.handle, wire.path) {
        case (let handle?, nil): return try node(handle)
        case (nil, let path?): return try await resolve(path.path)
        default: throw FileRefusal(.malformed)
        }
    }

    mutating func draft(_ wire: WireGate) async throws -> GateDraft {
        guard let privilege = wire.privilege?.component, let clearance = wire.clearance?.component else {
            throw FileRefusal(.malformed)
        }
        let content: GateDraft.Content
        if let gate = wire.gate {
            guard wire.app == nil, wire.memory == nil else { throw FileRefusal(.malformed) }
            content = .redirect(try await gateNode(gate))
        } else {
            guard let app = wire.app, let memory = wire.memory else { throw FileRefusal(.malformed) }
            var function = FunctionDraft(
                memoryMegabytes: memory, app: try await source(app), runtime: .name("python"))
            if let runtime = wire.runtime { function.runtime = try await self.runtime(runtime) }
            if let kernel = wire.kernel { function.kernel = try await source(kernel) }
            content = .function(function)
        }
        return GateDraft(
            privilege: privilege, clearance: clearance, declassify: wire.declassify?.component, content: content,
            settings: wire.settings ?? GateSettings())
    }

    mutating func change(_ wire: WireGate) async throws -> GateChange {
        var change = GateChange(
            privilege: wire.privilege?.component, clearance: wire.clearance?.component,
            declassify: wire.declassify?.component, memoryMegabytes: wire.memory, settings: wire.settings)
        if let app = wire.app { change.app = try await source(app) }
        if let runtime = wire.runtime { change.runtime = try await self.runtime(runtime) }
        if let kernel = wire.kernel { change.kernel = try await source(kernel) }
        if let gate = wire.gate { change.redirect = try await gateNode(gate) }
        return change
    }
}
