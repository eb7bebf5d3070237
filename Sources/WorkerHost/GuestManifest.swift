internal import FoundationEssentials
internal import Model

/// What the guest is told of a module that it is to import; see `guest/python/swiftlet_runtime/__init__.py`.
enum GuestManifest {
    private struct Content: Encodable {
        var face: String
        var entry: String?
        var file: String
        var module: String
        var root: String
        var front: [String]
        var back: [String]
        var late: Bool
    }

    static func encode(_ request: PrepareRequest) -> [UInt8] {
        let layout = request.layout
        let isAlone = request.packages.packages.isEmpty
        // Faasm's functions look for their folder on the search path, with or without other files in it.
        let front = isAlone && request.face != .faasm ? [] : layout.front
        let content = Content(
            face: request.face.rawValue, entry: request.entry, file: layout.file, module: layout.module,
            root: layout.root, front: front, back: isAlone ? [] : layout.back,
            late: request.importsInCalls)
        // Strings always have an encoding.
        return (try? JSONEncoder().encode(content)).map { Array($0) } ?? []
    }
}
