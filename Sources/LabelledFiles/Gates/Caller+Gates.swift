import Labels
import Model
import Storage

/// Making and changing gates.
extension Caller {
    /// A new gate, which is not stored yet. Without a label it gets the caller's, vouched for by its privilege, after all
    /// that the gate is made of was looked at.
    mutating func newGate(_ draft: GateDraft, label given: Label?) async throws -> StoredObject {
        guard draft.settings.isSound else { throw FileRefusal(.malformed) }
        var gate = Gate(
            privilege: draft.privilege, clearance: draft.clearance, declassify: draft.declassify ?? draft.privilege,
            function: nil, settings: draft.settings)
        var blobs: [OpenBlob] = []
        var target: ObjectID?
        switch draft.content {
        case .function(let function): (gate.function, blobs) = try await image(function)
        case .redirect(let node): target = try await self.target(node)
        }
        let own = try given ?? endorsedLabel()
        try apply(.makeGate(own, privilege: gate.privilege, declassify: gate.declassify))
        if let function = gate.function { try await check(function, of: blobs.first) }
        var object = new(.gate, own)
        object.target = target
        object.blobs = blobs.map(named)
        object.content = try ObjectContent.encode(gate)
        return object
    }

    /// A new gate with what another one runs or leads to, and its own policy. Its label covers that the other was read.
    mutating func duplicate(_ node: Node, _ policy: Policy) async throws -> StoredObject {
        let (original, stored) = try await gate(node)
        let own = try endorsedLabel()
        var object = new(.gate, own)
        object.target = stored.target
        object.blobs = stored.blobs
        try apply(.makeGate(own, privilege: policy.privilege, declassify: policy.privilege))
        object.content = try ObjectContent.encode(
            Gate(
                privilege: policy.privilege, clearance: policy.clearance, declassify: policy.privilege,
                function: original.function, settings: original.settings))
        return object
    }

    mutating func update(_ node: Node, _ change: GateChange) async throws {
        let (head, label) = try node.object(.gate, or: .notAGate)
        let (before, _) = try await gate(node)
        guard before.function == nil ? !change.isOfFunction : change.redirect == nil else {
            throw FileRefusal(
                .malformed, detail: "A gate with a function stays one, and a gate that leads to another stays that.")
        }
        guard change.settings?.isSound ?? true, change.memoryMegabytes.map({ Self.memoryRange ~= $0 }) ?? true
        else { throw FileRefusal(.malformed) }
        let app = try await opened(change.app)
        let kernel = try await opened(change.kernel)
        var runtime: (GateFunction.Runtime, OpenBlob?)?
        if let changed = change.runtime { runtime = try await self.runtime(changed) }
        var target: ObjectID?
        if let redirect = change.redirect { target = try await self.target(redirect) }
        let privilege = change.privilege ?? before.privilege
        let declassify = change.declassify ?? before.declassify
        try apply(.updateGate(label, privilege: privilege, declassify: declassify))
        let opened = [app, runtime?.1, kernel].compactMap { $0 }.map { named($0) }
        func changed(_ function: GateFunction) -> GateFunction {
            GateFunction(
                memoryMegabytes: change.memoryMegabytes ?? function.memoryMegabytes, app: app?.hash ?? function.app,
                runtime: runtime?.0 ?? function.runtime, kernel: kernel?.hash ?? function.kernel)
        }
        if change.isOfFunction, let function = before.function { try await check(changed(function), of: app) }
        try await replace(head) { object in
            var gate = try ObjectContent.decode(Gate.self, object.content)
            // What was checked must be what is stored: nobody else may have raised it meanwhile.
            gate.privilege = privilege
            gate.declassify = declassify
            gate.clearance = change.clearance ?? gate.clearance
            gate.settings = change.settings ?? gate.settings
            gate.function = gate.function.map(changed)
            object.target = target ?? object.target
            let used = Set(gate.function.map(Self.blobs) ?? [])
            object.blobs = (opened + object.blobs.filter { kept in !opened.contains { $0.hash == kept.hash } })
                .filter { used.contains($0.hash) }
            object.content = try ObjectContent.encode(gate)
        }
    }

    private static let memoryRange = 1...1_048_576

    /// A gate as it is stored, read.
    mutating func gate(_ node: Node) async throws -> (gate: Gate, object: StoredObject) {
        let (head, label) = try node.object(.gate, or: .notAGate)
        try apply(.read(label))
        guard let object = try await files.store.object(head.id) else { throw FileRefusal(.doesNotExist) }
        return (try files.gates.gate(object.content), object)
    }

    /// What a redirect may lead to: a gate, or a directory that holds a function's parts.
    private mutating func target(_ node: Node) async throws -> ObjectID {
        guard node.kind == .gate || node.kind == .directory else { throw FileRefusal(.notAGate) }
        guard let head = try await stored(node) else { throw FileRefusal(.doesNotExist) }
        return head.id
    }

    /// A function and its blobs, that of its package first.
    private mutating func image(_ draft: FunctionDraft) async throws -> (GateFunction, [OpenBlob]) {
        guard Self.memoryRange ~= draft.memoryMegabytes else { throw FileRefusal(.malformed) }
        let app = try await opened(draft.app)
        let (runtime, image) = try await runtime(draft.runtime)
        let kernel = try await opened(draft.kernel)
        let function = GateFunction(
            memoryMegabytes: draft.memoryMegabytes, app: app?.hash, runtime: runtime, kernel: kernel?.hash)
        return (function, [app, image, kernel].compactMap { $0 })
    }

    /// Refuses a function that could not be run, once it may be made; `package` is the blob of a new package.
    private func check(_ function: GateFunction, of package: OpenBlob?) async throws {
        let reader = package?.hash == function.app ? package?.reader : nil
        if let sentence = await files.objection?(function, reader) { throw FileRefusal(.malformed, detail: sentence) }
    }

    private mutating func opened(_ source: BlobSource?) async throws -> OpenBlob? {
        guard let source else { return nil }
        return try await open(source)
    }

    private mutating func runtime(
        _ draft: FunctionDraft.Runtime
    ) async throws -> (GateFunction.Runtime, OpenBlob?) {
        switch draft {
        case .name(let name):
            guard 1...255 ~= name.utf8.count else { throw FileRefusal(.malformed) }
            return (.name(name), nil)
        case .builtIn(let name): return (.builtIn(name), nil)
        case .blob(let source):
            let blob = try await open(source)
            return (.blob(blob.hash), blob)
        }
    }

    private static func blobs(_ function: GateFunction) -> [BlobHash] {
        var blobs = [function.app, function.kernel].compactMap { $0 }
        if case .blob(let hash) = function.runtime { blobs.append(hash) }
        return blobs
    }
}
