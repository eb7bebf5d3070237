internal import FoundationEssentials
internal import Model

/// What the guest is told of a module that it is to import; see `guest/python/swiftlet_runtime/__init__.py`.
enum GuestManifest {
    private struct Content: Encodable {
        var namespace: String
        var name: String
        var face: String
        var entry: String?
        var late: Bool
    }

    static func encode(_ request: PrepareRequest) -> [UInt8] {
        let content = Content(
            namespace: request.key.namespace.rawValue, name: request.key.name.rawValue, face: request.face.rawValue,
            entry: request.entry, late: request.importsInCalls)
        // A few strings always have an encoding.
        return (try? JSONEncoder().encode(content)).map { Array($0) } ?? []
    }
}
