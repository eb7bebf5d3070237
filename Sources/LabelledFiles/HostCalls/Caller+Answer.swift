import Labels
import Model
import Storage

/// Which method answers which operation.
extension Caller {
    mutating func answer(
        _ operation: FileOperation, _ fields: inout FieldReader, _ runner: any LabelledCallRunner,
        _ request: GuestRequest
    ) async throws -> [[UInt8]] {
        switch operation {
        case .labelCurrent, .labelTaint, .labelDeclassify, .labelEndorse, .labelParse, .subPrivilege:
            try answerLabel(operation, &fields)
        case .open, .openPath, .close, .create, .update, .read, .list, .listFacets, .link, .unlink, .describeGate,
            .openBlobEntry:
            try await answerHandle(operation, &fields)
        case .fsRead, .fsWrite, .fsList, .fsListFaceted, .fsCreateDir, .fsCreateFile, .fsCreateFaceted, .fsDelete,
            .fsHardLink, .fsOpenBlob, .fsLinkBlob, .fsCreateGate, .fsCreateRedirectGate, .fsDupGate,
            .fsCreateService:
            try await answerPath(operation, &fields)
        case .blobCreate, .blobWrite, .blobFinalize, .blobRead, .blobOpenByHash, .blobClose:
            try await answerBlob(operation, &fields)
        case .invoke, .invocationResult:
            try await answerCall(operation, &fields, runner)
        case .keyRead, .keyWrite, .keyList:
            try await answerKey(operation, &fields)
        case .request:
            try answerRequest(&fields, request)
        }
    }

    private mutating func answerLabel(
        _ operation: FileOperation, _ fields: inout FieldReader
    ) throws(FileRefusal) -> [[UInt8]] {
        switch operation {
        case .labelTaint:
            let other = try fields.label()
            try fields.end()
            try taint(with: other)
        case .labelDeclassify:
            let secrecy = try fields.component()
            try fields.end()
            try lower(secrecy: secrecy)
        case .labelEndorse:
            let endorser = try fields.optionalComponent()
            try fields.end()
            try endorse(with: endorser)
        case .labelParse:
            let parsed = try fields.label()
            try fields.end()
            return Self.fields(of: parsed)
        case .subPrivilege:
            var tokens: [String] = []
            while !fields.isAtEnd { tokens.append(try fields.text()) }
            let component = try subPrivilege(tokens)
            return [Array(component.description.utf8), Array(LabelJSON.text(component).utf8)]
        default: try fields.end()
        }
        return Self.fields(of: label)
    }

    /// A label as text and as JSON.
    static func fields(of label: Label) -> [[UInt8]] {
        [Array(label.description.utf8), LabelJSON.bytes(label)]
    }

    /// What a function was called with.
    private func answerRequest(
        _ fields: inout FieldReader, _ request: GuestRequest
    ) throws -> [[UInt8]] {
        try fields.end()
        return [
            request.payload, try ObjectContent.encode(request.headers), try ObjectContent.encode(request.invokers),
        ]
    }

    private mutating func answerCall(
        _ operation: FileOperation, _ fields: inout FieldReader, _ runner: any LabelledCallRunner
    ) async throws -> [[UInt8]] {
        if operation == .invocationResult {
            let invocation = try fields.text()
            try fields.end()
            guard let reply = try await runner.result(of: invocation) else { throw FileRefusal(.doesNotExist) }
            try apply(.receive(reply.label))
            return try self.fields(of: reply, blob: nil)
        }
        let flags = try fields.number(UInt8.self)
        let node = flags & 4 != 0 ? try self.node(try fields.handle()) : try await callee(try fields.path())
        let payload = try fields.bytes()
        let parameters = try fields.json([String: String].self)
        try fields.end()
        let wantsBlob = flags & 2 != 0
        let reply = try await call(node, payload, parameters, isSynchronous: flags & 1 != 0, runner)
        return try self.fields(of: reply, blob: wantsBlob ? try await blob(of: reply.body) : nil)
    }

    /// Calls a gate or a service, and takes the label of what comes back.
    mutating func call(
        _ node: Node, _ payload: [UInt8], _ parameters: [String: String], isSynchronous: Bool,
        _ runner: any LabelledCallRunner
    ) async throws -> CallReply {
        if node.kind == .service {
            return try await runner.send(resolveService(node, payload: payload, parameters: parameters))
        }
        let gate = try await resolveGate(node)
        let reply = try await runner.run(
            GateCall(gate: gate, payload: payload, parameters: parameters, isSynchronous: isSynchronous))
        // What an asynchronous call answers now is only that it was begun, which this caller knows.
        if isSynchronous { try apply(.receive(reply.label)) }
        return reply
    }

    private mutating func blob(of body: [UInt8]) async throws -> UInt32 {
        let writer = try createBlob()
        try await append(body, to: writer)
        return try adopt(try await seal(writer))
    }

    private func fields(of reply: CallReply, blob: UInt32?) throws -> [[UInt8]] {
        [
            [reply.succeeded ? 1 : 0], HostFields.bytes(reply.status), try ObjectContent.encode(reply.headers),
            blob == nil ? reply.body : [], HostFields.bytes(blob ?? 0), Array(reply.invocation.utf8),
        ]
    }
}
