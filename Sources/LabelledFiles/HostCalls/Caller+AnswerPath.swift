import Labels
import Model

/// Operations on paths.
extension Caller {
    mutating func answerPath(_ operation: FileOperation, _ fields: inout FieldReader) async throws -> [[UInt8]] {
        let path = try fields.path()
        switch operation {
        case .fsRead:
            try fields.end()
            return [try await read(resolve(path))]
        case .fsWrite:
            let bytes = try fields.bytes()
            try fields.end()
            try await write(bytes, to: resolve(path))
        case .fsList:
            try fields.end()
            return Self.fields(of: try await list(resolve(path)))
        case .fsListFaceted:
            try fields.end()
            let node = try await resolve(path)
            let clearance = Label(secrecy: label.secrecy, integrity: .true)
            return try await listFacets(node, clearance: clearance, withNames: true).flatMap { facet in
                [LabelJSON.bytes(facet.label), HostFields.encode(facet.names.map { Array($0.name.utf8) })]
            }
        case .fsCreateDir:
            let label = try fields.optionalLabel()
            try fields.end()
            try await createDirectory(path, label: label)
        case .fsCreateFile:
            let label = try fields.optionalLabel()
            try fields.end()
            return [HostFields.bytes(try add(try await createFile(path, label: label)))]
        case .fsCreateFaceted:
            try fields.end()
            try await createFaceted(path)
        case .fsDelete:
            try fields.end()
            try await delete(path)
        case .fsHardLink:
            let name = try fields.path()
            try fields.end()
            try await hardLink(path, name)
        case .fsOpenBlob:
            try fields.end()
            return try opened(try await open(entry: resolve(path)))
        case .fsLinkBlob:
            let hash = try fields.hash()
            let label = try fields.optionalLabel()
            try fields.end()
            try await linkBlob(path, try await open(hash), label: label)
        case .fsDupGate:
            let copy = try fields.path()
            let policy = try fields.policy()
            try fields.end()
            try await duplicateGate(path, copy, policy)
        default: try await answerGatePath(operation, path, &fields)
        }
        return []
    }

    private mutating func answerGatePath(
        _ operation: FileOperation, _ path: FilePath, _ fields: inout FieldReader
    ) async throws {
        let policy = try fields.policy()
        switch operation {
        case .fsCreateGate:
            let app = try await blobSource(naming: try fields.slice())
            let memory = Int(try fields.number(UInt32.self))
            let runtime = try fields.text()
            let settings = try fields.json(GateSettings.self)
            try fields.end()
            let function = FunctionDraft(
                memoryMegabytes: memory, app: app, runtime: try await self.runtime(naming: runtime))
            try await createGate(path, draft(policy, .function(function), settings), label: nil)
        case .fsCreateRedirectGate:
            let target = try fields.path()
            let settings = try fields.json(GateSettings.self)
            try fields.end()
            let node = try await resolve(target)
            try await createGate(path, draft(policy, .redirect(node), settings), label: nil)
        default:
            let taint = try fields.label()
            let url = try fields.text()
            guard let verb = HTTPVerb(try fields.text()) else { throw FileRefusal(.malformed) }
            let headers = try fields.slice()
            try fields.end()
            let service = Service(
                privilege: policy.privilege, clearance: policy.clearance, taint: taint, url: url, verb: verb,
                headers: headers.isEmpty
                    ? Service.usualHeaders : try FieldReader.json([String: String].self, headers))
            try await createService(path, service, label: nil)
        }
    }

    private func draft(_ policy: Policy, _ content: GateDraft.Content, _ settings: GateSettings) -> GateDraft {
        GateDraft(
            privilege: policy.privilege, clearance: policy.clearance, content: content, settings: settings)
    }

    /// 64 digits are a hash, all else is a path.
    private mutating func blobSource(naming field: ArraySlice<UInt8>) async throws -> BlobSource {
        if let text = String(validating: field, as: UTF8.self), let hash = BlobHash(text) { return .hash(hash) }
        var reader = FieldReader([field])
        return .node(try await resolve(try reader.path()))
    }

    /// What has a colon, or is a hash, is a blob; all else is the name of a runtime.
    mutating func runtime(naming text: String) async throws -> FunctionDraft.Runtime {
        if let hash = BlobHash(text) { return .blob(.hash(hash)) }
        guard text.contains(":") else { return .name(text) }
        return .blob(.node(try await resolve(FilePath(parsing: text))))
    }
}
