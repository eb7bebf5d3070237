public import Model
public import Packages

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A handler that is to be made into something that can be deployed.
public struct BuildOrder: Sendable {
    /// The name that the result is stored under, such as `localhost:5000/hello:latest`.
    public var image: String
    public var face: Face
    /// How the handler is called, as the face names it.
    public var language: String
    /// The handler's folder.
    public var files: PackageTree

    public init(image: String, face: Face, language: String, files: PackageTree) {
        self.image = image
        self.face = face
        self.language = language
        self.files = files
    }
}

/// What a build made, as it is stored: the files, from which a deployment makes a package.
public struct BuiltImage: Sendable, Codable {
    public var language: String
    /// Contents by path.
    private var files: [String: Data]
    public var builtAt: Timestamp

    init(language: String, files: PackageTree, builtAt: Timestamp) {
        self.language = language
        self.files = files.files.mapValues { Data($0) }
        self.builtAt = builtAt
    }

    /// The handler's folder.
    public func tree() throws(PackageError) -> PackageTree {
        var tree = PackageTree()
        for (path, content) in files { try tree.add(path, [UInt8](content)) }
        return tree
    }
}
