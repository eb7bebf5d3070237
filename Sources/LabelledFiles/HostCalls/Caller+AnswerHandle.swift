import Labels
import Model
import Storage

/// Operations on handles.
extension Caller {
    mutating func answerHandle(
        _ operation: FileOperation, _ fields: inout FieldReader
    ) async throws -> [[UInt8]] {
        if operation == .create { return try await answerCreate(&fields) }
        let handle = try fields.handle()
        switch operation {
        case .open:
            let name = try fields.text()
            try fields.end()
            let start = try node(handle, [.directory, .facetedDirectory])
            return try opened(try await resolve(FilePath([.text(name)]), from: start))
        case .openPath:
            let path = try fields.path()
            try fields.end()
            let start = try node(handle, [.directory, .facetedDirectory])
            return try opened(try await resolve(path, from: start))
        case .close:
            try fields.end()
            try close(handle)
            return []
        case .update:
            try await answerUpdate(handle, &fields)
            return []
        case .read:
            try fields.end()
            return [try await read(try node(handle, [.file]))]
        case .list:
            try fields.end()
            return Self.fields(of: try await list(try node(handle, [.directory])))
        case .listFacets:
            let clearance = try fields.optionalLabel() ?? .public
            try fields.end()
            let node = try node(handle, [.facetedDirectory])
            return try await listFacets(node, clearance: clearance).flatMap { Self.fields(of: $0.label) }
        case .link:
            let name = try fields.text()
            let target = try fields.handle()
            try fields.end()
            try await link(target, name, in: try folder(node(handle, [.directory, .facetedDirectory])))
            return []
        case .unlink:
            let name = try fields.text()
            try fields.end()
            try await unlink(name, from: try folder(node(handle, [.directory, .facetedDirectory])))
            return []
        case .describeGate:
            try fields.end()
            return [try await describe(try node(handle, [.gate]))]
        default:
            try fields.end()
            return try opened(try await open(entry: node(handle, [.blob])))
        }
    }

    /// A handle and its kind.
    mutating func opened(_ node: Node) throws -> [[UInt8]] {
        [HostFields.bytes(try add(node)), [UInt8(node.kind.rawValue)]]
    }

    /// A handle and the length of the blob.
    mutating func opened(_ blob: OpenBlob) throws -> [[UInt8]] {
        [HostFields.bytes(try adopt(blob)), HostFields.bytes(UInt64(blob.length))]
    }

    /// Name and kind of each.
    static func fields(of names: [ListedName]) -> [[UInt8]] { names.flatMap { [Array($0.name.utf8), [$0.kind]] } }

    /// Links an object; of a sealed blob, a new entry with the current label.
    private mutating func link(_ target: UInt32, _ name: String, in folder: Folder) async throws {
        if case .blob(let blob) = handles[target] {
            try await link(new: try newEntry(of: blob, label: label), name, in: folder, naming: blob)
        } else {
            try await link(node(target), name, in: folder)
        }
    }

    private mutating func answerCreate(_ fields: inout FieldReader) async throws -> [[UInt8]] {
        guard let kind = ObjectKind(rawValue: Int(try fields.number(UInt8.self))) else {
            throw FileRefusal(.malformed)
        }
        let label = try fields.optionalLabel() ?? .public
        let object: StoredObject
        var named: OpenBlob?
        switch kind {
        case .directory, .file:
            try apply(.make)
            object = new(kind, label)
        case .facetedDirectory:
            try apply(.make)
            object = new(kind, nil)
        case .blob:
            let source = try blobSource(try fields.handle())
            let blob = try await open(source)
            object = try newEntry(of: blob, label: label)
            named = blob
        case .gate:
            let draft = try await draft(try fields.json(WireGate.self))
            object = try await newGate(draft, label: label)
        case .service:
            object = try newService(try fields.json(WireService.self).service(), label: label)
        }
        try fields.end()
        return try opened(try await add(object, naming: named))
    }

    private mutating func answerUpdate(_ handle: UInt32, _ fields: inout FieldReader) async throws {
        let node = try node(handle)
        switch node.kind {
        case .file:
            let bytes = try fields.bytes()
            try fields.end()
            try await write(bytes, to: node)
        case .blob:
            let source = try blobSource(try fields.handle())
            try fields.end()
            try await replace(entry: node, by: try await open(source))
        case .gate:
            let wire = try fields.json(WireGate.self)
            try fields.end()
            try await update(node, try await change(wire))
        case .service:
            let service = try fields.json(WireService.self).service()
            try fields.end()
            try await replace(node, by: service)
        case .directory, .facetedDirectory: throw FileRefusal(.invalidHandle)
        }
    }

    /// A gate as JSON; what it leads to gets a handle.
    private mutating func describe(_ node: Node) async throws -> [UInt8] {
        let (gate, object) = try await gate(node)
        var target: UInt32?
        if let id = object.target, let head = try await files.store.object(id)?.head {
            target = try add(try Node(head))
        }
        return try ObjectContent.encode(
            GateDescription(
                privilege: gate.privilege, invokerIntegrityClearance: gate.clearance, declassify: gate.declassify,
                function: gate.function.map(GateDescription.Function.init), target: target, settings: gate.settings))
    }
}
