import Blobs
import Foundation
import Labels
import Model
import Storage
import StorageSQLite
import Testing

@testable import LabelledFiles

/// A labelled file system in a folder, for one test.
struct Fixture {
    let files: LabelledFiles
    let folder: String

    /// Runs a test on a new one, with its objects in memory or on disk.
    static func run(
        onDisk: Bool = false, quota: Int = 64 << 20, _ body: (Fixture) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let sqlite = onDisk ? try SQLiteStore.open(folder: folder) : nil
        let result: Result<Void, any Error>
        do {
            let store: any ObjectStore = sqlite ?? MemoryStore()
            let files = try await Self.open(store, folder, quota: quota)
            result = .success(try await body(Fixture(files: files, folder: folder)))
        } catch {
            result = .failure(error)
        }
        try await sqlite?.close()
        try FileManager.default.removeItem(atPath: folder)
        try result.get()
    }

    static func open(_ store: any ObjectStore, _ folder: String, quota: Int) async throws -> LabelledFiles {
        try await LabelledFiles.open(
            store: store, blobs: BlobFolder(path: folder + "/blobs"), maximumBytesPerOwner: quota,
            now: { Timestamp(microseconds: 1) })
    }

    func caller(_ privilege: String, _ label: String = "T,T") throws -> Caller {
        Caller(
            files, label: try Label(parsing: label), privilege: try Component(parsing: privilege), name: "test")
    }

    /// Puts a blob at a path, as somebody, with a label of its own.
    func put(_ bytes: [UInt8], at path: String, as privilege: String, label: String) async throws {
        var caller = try caller(privilege)
        let blob = try await caller.sealed(bytes)
        try await caller.linkBlob(FilePath(parsing: path), blob, label: Label(parsing: label))
    }

    /// The names at a path, as somebody sees them.
    func names(_ path: String, as privilege: String) async throws -> [String] {
        var caller = try caller(privilege)
        return try await caller.list(caller.resolve(FilePath(parsing: path))).map(\.name)
    }
}

extension Caller {
    /// A sealed blob of these bytes.
    func sealed(_ bytes: [UInt8]) async throws -> OpenBlob {
        let writer = try createBlob()
        try await writer.append(bytes)
        return try await seal(writer)
    }
}

/// Runs nothing: what is to be called is noted, and the answer that was set is given.
actor ScriptedRunner: LabelledCallRunner {
    private(set) var calls: [GateCall] = []
    private(set) var requests: [ServiceRequest] = []
    private let reply: CallReply

    init(_ reply: CallReply = CallReply(succeeded: true, status: 200, label: .public)) { self.reply = reply }

    func run(_ call: GateCall) async throws -> CallReply {
        calls.append(call)
        return reply
    }

    func send(_ request: ServiceRequest) async throws -> CallReply {
        requests.append(request)
        return reply
    }

    func result(of invocation: String) async throws -> CallReply? { invocation == "1" ? reply : nil }
}

/// The code of a refusal; nil where there is none.
func code(_ body: () async throws -> Void) async -> FileCode? {
    do {
        try await body()
        return nil
    } catch {
        let code = (error as? FileRefusal)?.code
        if code == nil { Issue.record(error) }
        return code
    }
}

func path(_ text: String) throws -> FilePath { try FilePath(parsing: text) }
func label(_ text: String) throws -> Label { try Label(parsing: text) }
func component(_ text: String) throws -> Component { try Component(parsing: text) }
