import Blobs
public import Labels
import Storage

/// What is there before anybody does anything.
extension LabelledFiles {
    /// The function that is built in under this name.
    public static let fsutilName = "fsutil"
    /// The blob that commands name where they make a gate to it.
    public static let fsutilImage = "fsutil_image"

    /// What is in a blob that stands for something built in.
    public static func placeholder(_ name: String) -> [UInt8] { Array("built in: \(name)\n".utf8) }

    /// Makes the root and `home` where they are missing.
    func makeRoot() async throws {
        if try await store.object(.root) == nil {
            do { try await store.add(StoredObject(head: Node.root.head)) } catch let error as StorageError {
                guard error.code == .alreadyExists else { throw error }
            }
        }
        var system = Caller(self, label: .public, privilege: .false, name: "server")
        try await Self.once {
            try await system.createFaceted(FilePath([.text(FilePath.homeName)]))
        }
    }

    /// Makes what the server offers to everybody: the gate `fsutil`, the names that old commands use, and the keys.
    /// What exists is left as it is.
    public func prepare(publicKey: [UInt8], privateKey: [UInt8]) async throws {
        let server = try Component(parsing: Principal.operatorName)
        var caller = Caller(self, label: .public, privilege: server, name: "server")
        let open = Label(secrecy: .true, integrity: server)
        for name in [Self.fsutilImage, "python", "kernel"] {
            try await Self.once {
                let writer = try caller.createBlob()
                try await writer.append(Self.placeholder(name))
                let blob = try await caller.seal(writer)
                try await caller.linkBlob(FilePath([.facet(open)], inHome: name), blob, label: open)
            }
        }
        try await Self.once {
            try await caller.createGate(
                FilePath([.facet(open)], inHome: Self.fsutilName),
                GateDraft(
                    privilege: .true, clearance: .true,
                    content: .function(
                        FunctionDraft(memoryMegabytes: 128, app: nil, runtime: .builtIn(Self.fsutilName)))),
                label: open)
        }
        let secret = Label.owned(by: server)
        for (name, label, content) in [("public_key", open, publicKey), ("private_key", secret, privateKey)] {
            let path = try FilePath([.facet(label)], inHome: name)
            try await Self.once {
                _ = try await caller.createFile(path, label: label)
                try await caller.write(content, to: caller.resolve(path))
            }
        }
    }

    /// Gives somebody a gate to `fsutil` that acts for them, at `~:fsutil`. What exists is left as it is.
    public func prepareHome(of owner: Component, clearance: Component? = nil) async throws {
        let server = try Component(parsing: Principal.operatorName)
        var caller = Caller(self, label: .public, privilege: owner, name: "server")
        try await Self.once {
            let target = try await caller.resolve(
                FilePath([.facet(Label(secrecy: .true, integrity: server))], inHome: Self.fsutilName))
            try await caller.createGate(
                FilePath(parsing: "~:\(Self.fsutilName)"),
                GateDraft(privilege: owner, clearance: clearance ?? owner, content: .redirect(target)),
                label: Label(secrecy: .true, integrity: owner))
        }
    }

    /// Does something that may have been done before.
    private static func once(_ body: () async throws -> Void) async throws {
        do { try await body() } catch let error as FileRefusal where error.code == .linkExists {}
    }
}

extension FilePath {
    /// `home`, some components, and a name.
    fileprivate init(_ items: [Item], inHome name: String) throws {
        try self.init([.text(Self.homeName)] + items + [.text(name)])
    }
}
