internal import FoundationEssentials
internal import Model

/// What the guest is told of a module that it is to import; see `guest/python/swiftlet_runtime/__init__.py`.
enum GuestManifest {
    private struct Content: Encodable {
        var name: String
        var face: String
        var entry: String?
    }

    static func encode(_ request: PrepareRequest) -> [UInt8] {
        let content = Content(name: request.name.rawValue, face: request.face.rawValue, entry: request.entry)
        // Three strings always have an encoding.
        return (try? JSONEncoder().encode(content)).map { Array($0) } ?? []
    }
}
