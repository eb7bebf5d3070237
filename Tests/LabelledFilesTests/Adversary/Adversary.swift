import Labels
import Model
import Storage

@testable import LabelledFiles

/// A program that tries anything: what it does next depends on all that it was ever told.
struct Adversary {
    static let labels = [
        "T,T", "alice,T", "bob,T", "T,bob", "alice|bob,T", "alice/app,T", "alice,alice/app", "T,alice/app", "bob,bob",
        "alice&bob,T", "alice,alice",
    ]
    static let components = ["T", "alice", "bob", "alice/app", "alice|bob", "F"]
    private static let names = ["a", "b", "secret", "maybe", "photo", "box"]
    private static let guesses = ["0", "1", "x"].map { Array($0.utf8) }

    /// What moves most: else few programs would come to anything.
    private static let usual: [FileOperation] = [
        .fsRead, .fsRead, .fsWrite, .fsWrite, .fsCreateFile, .fsOpenBlob, .blobRead, .blobWrite, .blobFinalize, .fsList,
        .fsHardLink, .fsDelete, .labelDeclassify, .labelEndorse, .openPath, .read, .update, .blobOpenByHash,
        .fsCreateService, .fsCreateService, .invoke, .invoke, .invoke,
    ]

    let calls: FileCalls
    private let privilege: String
    private var generator: SeededGenerator
    /// What was told last that may be worth passing on.
    private var loot: [UInt8] = Array("x".utf8)
    private var hashes: [String]
    private var lastHandle: UInt32 = 0
    /// Sentences of its own, for a monitor that follows where they go.
    private var sentence: (() -> [UInt8])?

    init(
        _ caller: consuming Caller, seed: UInt64, hashes: [String], runner: any LabelledCallRunner = ScriptedRunner(),
        sentence: (() -> [UInt8])? = nil
    ) {
        privilege = caller.privilege.description
        calls = FileCalls(caller, runner: runner)
        generator = SeededGenerator(seed: seed)
        self.hashes = hashes
        self.sentence = sentence
    }

    /// Tries one thing and returns what it was told.
    mutating func act() async -> (operation: FileOperation, reply: [[UInt8]]) {
        let (operation, fields) = request()
        switch await calls.answer(operation.rawValue, fields.map { $0[...] }) {
        case .success(let reply):
            for field in reply { generator.mix(field) }
            note(operation, reply)
            return (operation, reply)
        case .failure(let refusal): return (operation, [Array(refusal.message.utf8)])
        }
    }

    private mutating func note(_ operation: FileOperation, _ reply: [[UInt8]]) {
        guard reply[0][0] == 0 else { return }
        switch operation {
        case .open, .openPath, .create, .openBlobEntry, .fsOpenBlob, .fsCreateFile, .blobCreate, .blobOpenByHash:
            lastHandle = HostFields.number(reply[1][...]) ?? 0
        case .read, .fsRead, .blobRead: loot = reply[1]
        case .blobFinalize: hashes.append(String(decoding: reply[1], as: UTF8.self))
        default: break
        }
    }

    private mutating func request() -> (FileOperation, [[UInt8]]) {
        let choice = chance(3) ? FileOperation.allCases.filter { $0 != .request } : Self.usual
        let operation = choice.randomElement(using: &generator) ?? .fsRead
        let fields: [[UInt8]]
        switch operation {
        case .labelCurrent, .request: fields = []
        case .labelTaint: fields = chance(8) ? [label()] : [Array("T,T".utf8)]
        case .labelDeclassify: fields = [component()]
        case .labelEndorse: fields = [chance(2) ? [] : component()]
        case .labelParse: fields = [label()]
        case .subPrivilege: fields = [Array("x".utf8)]
        case .open: fields = [handle(), chance(2) ? Array(name().utf8) : label()]
        case .openPath: fields = [handle(), chance(2) ? Array(name().utf8) : path()]
        case .close, .read, .list, .openBlobEntry, .describeGate: fields = [handle()]
        case .create: fields = creation()
        case .update: fields = [handle(), chance(5) ? service() : chance(2) ? data() : handle()]
        case .listFacets: fields = [handle(), label()]
        case .link: fields = [handle(), Array(name().utf8), handle()]
        case .unlink: fields = [handle(), Array(name().utf8)]
        case .fsRead, .fsList, .fsListFaceted, .fsCreateFaceted, .fsDelete, .fsOpenBlob: fields = [path()]
        case .fsWrite: fields = [path(), data()]
        case .fsCreateDir, .fsCreateFile: fields = [path(), chance(2) ? [] : label()]
        case .fsHardLink: fields = [path(), path()]
        case .fsLinkBlob: fields = [path(), hash(), chance(2) ? [] : label()]
        case .fsCreateGate: fields = [path(), policy(), hash(), HostFields.bytes(UInt32(64)), Array("python".utf8), []]
        case .fsCreateRedirectGate: fields = [path(), policy(), path(), []]
        case .fsDupGate: fields = [path(), path(), policy()]
        case .fsCreateService:
            let policy = pick(Self.components) + "," + (chance(2) ? "T" : pick(Self.components))
            let taint = pick(Self.labels)
            let rest = [policy, taint, url(policy, taint), "POST", ""]
            fields = [servicePath()] + rest.map { Array($0.utf8) }
        case .blobCreate: fields = [HostFields.bytes(UInt64(0))]
        case .blobWrite: fields = [handle(), data()]
        case .blobFinalize:
            fields = [handle(), [UInt8.random(in: 0...3, using: &generator)], path(), chance(2) ? [] : label()]
        case .blobRead: fields = [handle(), HostFields.bytes(UInt64(0)), HostFields.bytes(UInt32(1000))]
        case .blobOpenByHash: fields = [hash()]
        case .blobClose: fields = [handle()]
        case .invoke: fields = [[1], chance(4) ? path() : servicePath(), data(), Array(#"{"a":"b"}"#.utf8)]
        case .invocationResult: fields = [Array("1".utf8)]
        case .keyRead, .keyList: fields = [Array(name().utf8)]
        case .keyWrite: fields = [Array(name().utf8), data()]
        }
        return (operation, fields)
    }

    /// Where a service sends: the address tells the monitor what the service was made with, and with whose power.
    private func url(_ policy: String, _ taint: String) -> String { "http://h/?\(policy);\(taint);\(privilege);{a}" }

    /// All of a service, to take the place of another one.
    private mutating func service() -> [UInt8] {
        let (power, clearance, taint) = (pick(Self.components), pick(Self.components), pick(Self.labels))
        return Array(
            #"""
            {"privilege": "\#(power)", "clearance": "\#(clearance)", "taint": "\#(taint)", "verb": 2,
              "url": "\#(url("\(power),\(clearance)", taint))"}
            """#.utf8)
    }

    private mutating func creation() -> [[UInt8]] {
        let kind = [0, 1, 2, 5].randomElement(using: &generator) ?? 0
        return [[UInt8(kind)], label()] + (kind == 5 ? [handle()] : [])
    }

    private mutating func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &generator) == 0 }
    private mutating func pick(_ texts: [String]) -> String { texts.randomElement(using: &generator) ?? "" }
    private mutating func name() -> String { pick(Self.names) }
    private mutating func label() -> [UInt8] { Array(pick(Self.labels).utf8) }
    private mutating func component() -> [UInt8] { Array(pick(Self.components).utf8) }
    private mutating func policy() -> [UInt8] { Array("\(pick(Self.components)),\(pick(Self.components))".utf8) }
    private mutating func hash() -> [UInt8] { Array(pick(hashes).utf8) }

    private mutating func handle() -> [UInt8] {
        HostFields.bytes(chance(3) ? lastHandle : UInt32.random(in: 0...lastHandle, using: &generator))
    }

    private mutating func data() -> [UInt8] {
        if let sentence { return chance(2) ? loot : sentence() }
        return chance(2) ? loot : Self.guesses.randomElement(using: &generator) ?? []
    }

    private mutating func servicePath() -> [UInt8] {
        Array((pick(["pub", "home:<alice,T>", "home:<T,T>"]) + ":" + pick(["svc", "box"])).utf8)
    }

    private mutating func path() -> [UInt8] {
        let folder: String
        switch Int.random(in: 0..<12, using: &generator) {
        case 0: folder = "home"
        case 1: folder = "~"
        case 2: folder = "home:%"
        case 3: folder = "pub"
        case 4..<9: folder = "home:<\(pick(Array(Self.labels.prefix(5))))>"
        default: folder = "home:<\(pick(Self.labels))>"
        }
        let depth = [0, 1, 1, 1, 1, 1, 1, 2].randomElement(using: &generator) ?? 1
        let names = (0..<depth).map { _ in chance(3) ? name() : "b" }
        return Array(([folder] + names).joined(separator: ":").utf8)
    }
}

extension Fixture {
    /// Makes a file that everybody can find in every facet, and one that all may write.
    func prepareForAdversaries() async throws {
        var system = try caller("F")
        try await system.createDirectory(path("pub"), label: .public)
        _ = try await system.createFile(path("pub:b"), label: .public)
        for own in Adversary.labels {
            _ = try await system.createFile(path("home:<\(own)>:b"), label: label(own))
        }
    }
}
