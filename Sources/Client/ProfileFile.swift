import Yams

/// The configuration file: the profiles by name, and which one is active. What else it holds is kept.
public struct ProfileFile: Sendable {
    /// Where the file is.
    public let path: String
    /// The name of the active profile; nil where there is none.
    public private(set) var active: String?
    /// The profiles in the order of the file.
    public private(set) var profiles: [(name: String, profile: Profile)]
    /// The file's text, to which changes are applied when it is saved.
    private var original: String

    /// Where the file is: `~/.faaspot/fasconf.yaml`, unless `FAASPOT_DIR` or `FAASPOT_CONFIG` say otherwise.
    public static func path(in environment: ClientEnvironment = .current) -> String {
        let folder = environment["FAASPOT_DIR"].map(environment.expand) ?? "\(environment.home)/.faaspot"
        return "\(folder)/\(environment["FAASPOT_CONFIG"] ?? "fasconf.yaml")"
    }

    /// Reads the file. Where there is none, one without profiles is made, if that can be.
    public static func load(in environment: ClientEnvironment = .current) throws(ClientError) -> ProfileFile {
        let path = path(in: environment)
        do {
            let bytes = try PrivateFile.read(path)
            return try ProfileFile(path: path, text: String(decoding: bytes, as: UTF8.self))
        } catch let failure as PrivateFile.Failure {
            guard failure.isAbsence else { throw .local(failure.message) }
        } catch let error as ClientError {
            throw error
        } catch {
            throw .local("\(error)")
        }
        let file = try ProfileFile(path: path, text: "")
        // A read-only home folder is no reason to refuse a command that changes no profile.
        try? file.save()
        return file
    }

    /// Parses the text of a configuration file.
    init(path: String, text: String) throws(ClientError) {
        self.path = path
        original = text
        let root: Node?
        do { root = try Yams.compose(yaml: text) } catch {
            throw .local("`\(path)` is no valid YAML: \(error)")
        }
        let section = root?["faaspot"]
        active = section?["profile"].flatMap { node in node.null == nil ? node.scalar?.string : nil }
        if active == "" { active = nil }
        profiles = []
        for (key, value) in section?["profiles"]?.mapping ?? Node.Mapping([]) {
            guard let name = key.scalar?.string else { continue }
            profiles.append((name, try Profile(value, name: name)))
        }
    }

    /// The profile called `name`; nil where there is none.
    public subscript(_ name: String) -> Profile? { profiles.first { $0.name == name }?.profile }

    /// Adds a profile, or replaces the one of that name. The first profile becomes the active one.
    public mutating func set(_ profile: Profile, for name: String) {
        if let index = profiles.firstIndex(where: { $0.name == name }) {
            profiles[index].profile = profile
        } else {
            profiles.append((name, profile))
            if profiles.count == 1 { active = name }
        }
    }

    /// Makes the profile called `name` the active one.
    public mutating func activate(_ name: String) { active = name }

    /// Removes the profile called `name`; when it was the active one, none is active.
    public mutating func remove(_ name: String) {
        profiles.removeAll { $0.name == name }
        if active == name { active = nil }
    }

    /// Writes the file with mode 0600, and its folder where that is missing.
    public func save() throws(ClientError) {
        do {
            let text = try self.text
            if let end = path.lastIndex(of: "/") { try PrivateFile.makeFolder(String(path[..<end])) }
            try PrivateFile.write(Array(text.utf8), to: path)
        } catch let failure as PrivateFile.Failure {
            throw .local(failure.message)
        } catch {
            throw .local("Cannot write `\(path)`: \(error)")
        }
    }

    /// The text of the file with the profiles as they are now.
    var text: String {
        get throws {
            var root = try Yams.compose(yaml: original)?.mapping ?? Node.Mapping([])
            var section = root[Node("faaspot")]?.mapping ?? Node.Mapping([])
            let before = section[Node("profiles")]?.mapping
            var after = Node.Mapping([])
            for (name, profile) in profiles {
                let key = before?.keys.first { $0.scalar?.string == name } ?? Node.text(name)
                after[key] = profile.write(over: before?[key] ?? .mapping(Node.Mapping([])))
            }
            section[Node("profile")] = Node.text(active ?? "")
            section[Node("profiles")] = .mapping(after)
            root[Node("faaspot")] = .mapping(section)
            return try Yams.serialize(node: .mapping(root), allowUnicode: true)
        }
    }
}
