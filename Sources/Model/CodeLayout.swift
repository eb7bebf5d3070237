/// Where guests find a function's code, and under which name it is imported: each face has its own conventions.
public struct CodeLayout: Hashable, Sendable, Codable {
    /// The guest's path of the module: `/srv/workload.py`.
    public var file: String
    /// The name that it is imported under. With a dot in it, its folder is a package of that name.
    public var module: String
    /// The guest's path of the folder that a package is mounted at.
    public var root: String
    /// What is put in front of Python's search path, where a package is mounted.
    public var front: [String]
    /// What is put at its end, so that built-in modules win.
    public var back: [String]

    /// The layout of a single file or, where `isPackage`, of a package.
    public init(of key: FunctionKey, face: Face, isPackage: Bool) {
        let name = key.name.rawValue
        switch face {
        case .faaspot:
            root = "/function"
            module = isPackage ? "main" : "function"
            file = isPackage ? "/function/main.py" : "/function/\(name.hasSuffix(".py") ? name : "\(name).py")"
            front = [root]
        case .faasten:
            (root, module, file, front) = ("/srv", "workload", "/srv/workload.py", ["/srv"])
        case .faasm:
            root = "/pyfuncs/\(key.namespace)/\(name)"
            (module, file, front) = ("function", "\(root)/function.py", [root])
        case .openfaas:
            root = "/home/app/function"
            (module, file, front) = ("function.handler", "\(root)/handler.py", ["/home/app", root])
        }
        back = ["\(root)/package", "\(root)/lib"]
    }

    /// The path of the module's file inside a package.
    public var entryFile: String { String(file.dropFirst(root.utf8.count + 1)) }

    /// Where a version's packages are mounted. The user's own files come last: they win.
    public func mounts(of use: PackageUse) -> [PackageMount] {
        let root = String(root.dropFirst())
        return [
            use.dependencies.map { PackageMount(package: $0, path: "\(root)/package") },
            use.own.map { PackageMount(package: $0, path: root) },
        ].compactMap(\.self)
    }
}
