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

    /// An image's name with its tag, which is `latest` where none is named: the number of a port is none.
    static func fullName(_ image: String) -> String {
        let name = image.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        return name.contains(":") || name.contains("@") ? image : "\(image):latest"
    }

    /// What a deployment is made of.
    public func code() throws(PlatformError) -> HandlerCode {
        var tree = PackageTree()
        do throws(PackageError) {
            for (path, content) in files { try tree.add(path, [UInt8](content)) }
        } catch { throw .package(error) }
        return try HandlerCode(tree)
    }
}

/// A handler's module, and what is beside it.
public struct HandlerCode: Sendable {
    static let module = "handler.py"
    private static let listed = "requirements.txt"

    public var source: String
    /// Nil where the module is alone: then no package is made.
    public var files: PackageTree?
    /// In pip's format; empty where there are none.
    public var requirements: String

    init(_ tree: PackageTree) throws(PlatformError) {
        guard let module = tree.files[Self.module] else {
            throw PlatformError(.invalidCode, "There is no `\(Self.module)` in the handler's folder.")
        }
        guard let source = String(validating: module, as: UTF8.self) else {
            throw PlatformError(.invalidCode, "`\(Self.module)` is not text in UTF-8.")
        }
        self.source = source
        requirements = tree.files[Self.listed].map { String(decoding: $0, as: UTF8.self) } ?? ""
        // An empty `__init__.py` beside it makes no difference.
        let isAlone = tree.files.allSatisfy { path, content in
            path == Self.module || path == Self.listed || content.allSatisfy { $0 <= 0x20 }
        }
        files = isAlone ? nil : tree
    }
}
