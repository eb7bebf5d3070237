public import Blobs
import FoundationEssentials
public import Labels
import Model
import Storage

/// The function behind the gates named `fsutil`: the operations on paths, for commands and people.
public struct Fsutil: Sendable {
    /// What is answered: JSON, with whether the operation was done, or the bytes of a blob as they are.
    public enum Reply: Sendable {
        case json([UInt8], succeeded: Bool)
        case blob(BlobReader)
    }

    private var caller: Caller
    private let uploads: [(name: String, upload: Upload)]
    private let runner: any LabelledCallRunner

    /// It acts as `caller`; uploads are those of the request, by name.
    public init(
        _ caller: consuming Caller, uploads: [(name: String, upload: Upload)] = [], runner: any LabelledCallRunner
    ) {
        self.caller = caller
        self.uploads = uploads
        self.runner = runner
    }

    /// The label of what was answered. Throws where it would be too large.
    public var resultLabel: Label { get throws { try caller.resultLabel() } }

    /// Does what a payload asks for; throws only where the server fails.
    public mutating func answer(_ payload: [UInt8]) async throws -> Reply {
        var answer = FsutilAnswer(success: true)
        do {
            let request = try FsutilRequest(reading: payload)
            let arguments = request.args ?? FsutilRequest.Arguments()
            if request.op == "cat" {
                return .blob(try await caller.open(entry: caller.resolve(given(arguments.path, "path"))).reader)
            }
            answer.value = try await perform(request.op, arguments)
        } catch let refusal as FileRefusal {
            answer = FsutilAnswer(success: false, error: refusal.code.name, detail: refusal.detail)
        } catch is UnknownOperation {
            answer = FsutilAnswer(success: false, error: "[fsutil] unknown op")
        }
        return .json(try ObjectContent.encode(answer), succeeded: answer.success)
    }

    private struct UnknownOperation: Error {}

    private mutating func perform(
        _ operation: String, _ arguments: FsutilRequest.Arguments
    ) async throws -> FsutilValue? {
        switch operation {
        case "ping": return .text("pong")
        case "ls": return try await list(given(arguments.path, "path"), isLong: arguments.long ?? false)
        case "unlink", "delete": try await caller.delete(place(arguments))
        case "link": try await caller.hardLink(given(arguments.path, "path"), based(arguments))
        case "mkdir": try await caller.createDirectory(based(arguments), label: label(arguments))
        case "mkfile": _ = try await caller.createFile(based(arguments), label: label(arguments))
        case "create-dir":
            try await caller.createDirectory(given(arguments.path, "path"), label: arguments.label?.label)
        case "create-file":
            _ = try await caller.createFile(given(arguments.path, "path"), label: arguments.label?.label)
        case "mkfaceted", "create-faceted": try await caller.createFaceted(place(arguments))
        case "read", "read-file":
            let bytes = try await caller.read(caller.resolve(given(arguments.path, "path")))
            return .text(Data(bytes).base64EncodedString())
        case "write": try await write(arguments.data.map(base64) ?? uploaded(), arguments)
        case "write-file": try await write(Array(given(arguments.data, "data").utf8), arguments)
        case "mkblob":
            _ = try firstUpload
            try await linkUploads(in: given(arguments.base, "base"), label: label(arguments))
        case "create-blob":
            if arguments.replace ?? false {
                try await caller.placeBlob(
                    given(arguments.path, "path"), firstUpload.blob, label: arguments.label?.label)
            } else {
                try await caller.linkBlob(
                    given(arguments.path, "path"), firstUpload.blob, label: arguments.label?.label)
            }
        case "list-dir":
            return .names(try await caller.list(caller.resolve(given(arguments.path, "path"))).map(\.name))
        case "list-faceted": return try await listFacets(given(arguments.path, "path"))
        case "mksvc", "create-service": try await makeService(arguments)
        case "mkgate", "create-gate", "create-redirect-gate": try await makeGate(arguments)
        case "upgate": try await updateGate(arguments)
        case "invoke": return try await invoke(arguments)
        default: throw UnknownOperation()
        }
        return nil
    }

    // MARK: Arguments

    private func given<Value>(_ value: Value?, _ name: String) throws(FileRefusal) -> Value {
        guard let value else { throw FileRefusal(.malformed, detail: "`args.\(name)` is missing.") }
        return value
    }

    private func given(_ path: WirePath?, _ name: String) throws(FileRefusal) -> FilePath {
        let path: WirePath = try given(path, name)
        return path.path
    }

    /// `base` and `name`.
    private func based(_ arguments: FsutilRequest.Arguments) throws(FileRefusal) -> FilePath {
        let name: String = try given(arguments.name, "name")
        return try given(arguments.base, "base").appending(name: name)
    }

    /// `path`, or `base` and `name`.
    private func place(_ arguments: FsutilRequest.Arguments) throws(FileRefusal) -> FilePath {
        arguments.path == nil ? try based(arguments) : try given(arguments.path, "path")
    }

    private func label(_ arguments: FsutilRequest.Arguments) -> Label { arguments.label?.label ?? .public }

    /// Of gates and services: anybody may see them, and only holders of this privilege change them.
    private var gateLabel: Label { Label(secrecy: .true, integrity: caller.privilege) }

    private func base64(_ text: String) throws(FileRefusal) -> [UInt8] {
        guard let data = Data(base64Encoded: text) else { throw FileRefusal(.malformed) }
        return Array(data)
    }

    /// What was uploaded instead of being written into the arguments, where it may be a file.
    private func uploaded() throws -> [UInt8] {
        let upload = try firstUpload
        guard upload.length <= FileLimits().maximumFileBytes else { throw FileRefusal(.quotaExceeded) }
        return try upload.reader.bytes(at: 0, count: upload.length)
    }

    private var firstUpload: Upload {
        get throws(FileRefusal) {
            guard let upload = uploads.first?.upload else { throw FileRefusal(.malformed, detail: "There is no file.") }
            return upload
        }
    }

    // MARK: Operations

    private mutating func list(_ path: FilePath, isLong: Bool) async throws -> FsutilValue {
        let node = try await caller.resolve(path)
        if node.kind == .facetedDirectory {
            let clearance = Label(secrecy: caller.label.secrecy, integrity: .true)
            return .labels(try await caller.listFacets(node, clearance: clearance).map(\.label))
        }
        let names = try await caller.list(node)
        if isLong {
            let details = names.map { ($0.name, FsutilValue.Detail(kind: Int($0.kind), label: $0.label)) }
            return .details(Dictionary(uniqueKeysWithValues: details))
        }
        return .kinds(Dictionary(uniqueKeysWithValues: names.map { ($0.name, Int($0.kind)) }))
    }

    private mutating func listFacets(_ path: FilePath) async throws -> FsutilValue {
        let node = try await caller.resolve(path)
        let clearance = Label(secrecy: caller.label.secrecy, integrity: .true)
        let facets = try await caller.listFacets(node, clearance: clearance, withNames: true)
        return .facets(
            Dictionary(
                uniqueKeysWithValues: facets.map { facet in
                    (String(decoding: LabelJSON.bytes(facet.label), as: UTF8.self), facet.names.map(\.name))
                }))
    }

    /// Links each upload that can be, and says which could not.
    private mutating func linkUploads(in base: FilePath, label: Label) async throws {
        var refused: [(name: String, code: FileCode)] = []
        for (name, upload) in uploads {
            do { try await caller.linkBlob(base.appending(name: name), upload.blob, label: label) } catch let refusal
                as FileRefusal
            { refused.append((name, refusal.code)) }
        }
        guard let first = refused.first else { return }
        let names = refused.map { "`\($0.name)`: \($0.code.name)" }.joined(separator: ", ")
        throw FileRefusal(first.code, detail: "Of \(uploads.count) files these were not linked: \(names).")
    }

    private mutating func write(_ bytes: [UInt8], _ arguments: FsutilRequest.Arguments) async throws {
        try await caller.write(bytes, to: caller.resolve(given(arguments.path, "path")))
    }

    private mutating func makeService(_ arguments: FsutilRequest.Arguments) async throws {
        let isShort = arguments.policy != nil
        let policy = try policy(arguments)
        // The short form calls the taint `label`, and leaves the service its usual label.
        let taint: Label =
            isShort ? try given(arguments.label?.label, "label") : try given(arguments.taint?.label, "taint")
        let verb: HTTPVerb = try given(arguments.verb?.verb, "verb")
        let url: String = try given(arguments.url, "url")
        let service = Service(
            privilege: policy.privilege, clearance: policy.clearance, taint: taint, url: url, verb: verb,
            headers: arguments.headers ?? Service.usualHeaders)
        let own = isShort ? gateLabel : arguments.label?.label ?? gateLabel
        try await caller.createService(try place(arguments), service, label: own)
    }

    private mutating func makeGate(_ arguments: FsutilRequest.Arguments) async throws {
        let policy = try policy(arguments)
        let content: GateDraft.Content
        if let target = arguments.gate ?? arguments.redirectPath {
            guard arguments.memory == nil, arguments.appImage == nil else { throw FileRefusal(.malformed) }
            content = .redirect(try await caller.resolve(target.path))
        } else {
            let memory: Int = try given(arguments.memory, "memory")
            let app: BlobSource
            if let image = try await image("app_image", arguments.appImage) {
                app = image
            } else {
                app = .open(try firstUpload.blob)
            }
            content = .function(
                FunctionDraft(
                    memoryMegabytes: memory, app: app, runtime: try await runtime(arguments) ?? .name("python"),
                    kernel: try await image("kernel", arguments.kernel)))
        }
        let draft = GateDraft(
            privilege: policy.privilege, clearance: policy.clearance, declassify: arguments.declassify?.component,
            content: content, settings: arguments.settings ?? GateSettings())
        let place = try place(arguments)
        do {
            try await caller.createGate(place, draft, label: arguments.label?.label ?? gateLabel)
        } catch let error as FileRefusal where error.code == .linkExists && arguments.replace ?? false {
            try await caller.update(caller.resolve(place), GateChange(draft))
        }
    }

    private mutating func updateGate(_ arguments: FsutilRequest.Arguments) async throws {
        var change = GateChange(
            privilege: arguments.privilege?.component, clearance: arguments.clearance?.component,
            declassify: arguments.declassify?.component, memoryMegabytes: arguments.memory,
            settings: arguments.settings)
        change.app = try await image("app_image", arguments.appImage)
        change.kernel = try await image("kernel", arguments.kernel)
        change.runtime = try await runtime(arguments)
        if let gate = arguments.gate { change.redirect = try await caller.resolve(gate.path) }
        try await caller.update(caller.resolve(given(arguments.path, "path")), change)
    }

    private func policy(_ arguments: FsutilRequest.Arguments) throws -> Policy {
        if let text = arguments.policy {
            do { return try Policy(parsing: text) } catch { throw FileRefusal(.malformed) }
        }
        let privilege: Component = try given(arguments.privilege?.component, "privilege")
        let clearance: Component = try given(arguments.clearance?.component, "clearance")
        return Policy(privilege: privilege, clearance: clearance)
    }

    /// An upload of this name, or what is at a path.
    private mutating func image(_ name: String, _ path: WirePath?) async throws -> BlobSource? {
        if let upload = uploads.first(where: { $0.name == name }) { return .open(upload.upload.blob) }
        guard let path else { return nil }
        return .node(try await caller.resolve(path.path))
    }

    /// What is one name and not that of an upload is a runtime of the server.
    private mutating func runtime(_ arguments: FsutilRequest.Arguments) async throws -> FunctionDraft.Runtime? {
        let components = arguments.runtime?.path.components ?? []
        if components.count == 1, case .step(let step) = components[0], let name = step.name {
            return .name(name)
        }
        return try await image("runtime", arguments.runtime).map { .blob($0) }
    }

    private mutating func invoke(_ arguments: FsutilRequest.Arguments) async throws -> FsutilValue {
        let payload = try base64(arguments.payload ?? "")
        let reply = try await caller.call(
            caller.callee(given(arguments.path, "path")), payload, arguments.params ?? [:],
            isSynchronous: arguments.sync ?? true, runner)
        let data = Data(reply.body).base64EncodedString()
        let invocation = arguments.sync ?? true ? nil : reply.invocation
        return .call(.init(success: reply.succeeded, status: reply.status, data: data, invocation: invocation))
    }
}
