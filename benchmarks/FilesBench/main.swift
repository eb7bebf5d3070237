// Measures the labelled file system as its host calls are answered, without the way from a guest and back: labels, metadata,
// durable writes, blobs.
//
//     swift run -c release FilesBench FOLDER [ROUNDS]
//
// FOLDER must be on the kind of disk that is to be measured; it is filled and left behind.

import Blobs
import Glibc
import LabelledFiles
import Labels
import Model
import Storage
import StorageSQLite

guard CommandLine.arguments.count > 1 else {
    say("usage: FilesBench FOLDER [ROUNDS]")
    exit(2)
}
let folder = CommandLine.arguments[1]
let rounds = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2]) ?? 1000 : 1000
let store = try SQLiteStore.open(folder: folder)
let files = try await LabelledFiles.open(
    store: store, blobs: BlobFolder(path: folder + "/blobs"), maximumBytesPerOwner: 1 << 40,
    now: { Timestamp(microseconds: 0) })
let alice = Caller(files, label: .public, privilege: try Component(parsing: "alice"), name: "bench")
let calls = FileCalls(alice, runner: NoRunner())

try await ask(.fsCreateDir, text("~:d"), text("alice,alice"))
try await ask(.fsCreateFile, text("~:d:f"), text("alice,alice"))
try await ask(.fsWrite, text("~:d:f"), [UInt8](repeating: 1, count: 1000))

try await measure("label.taint", rounds) { _ in try await ask(.labelTaint, text("alice,T")) }
try await measure("label.endorse", rounds) { _ in try await ask(.labelEndorse, []) }
try await measure("label.declassify", rounds) { _ in try await ask(.labelDeclassify, text("alice")) }
try await measure("read a file of 1 kB", rounds) { _ in try await ask(.fsRead, text("~:d:f")) }
try await measure("list a directory", rounds) { _ in try await ask(.fsList, text("~:d")) }
try await measure("list facets", rounds) { _ in try await ask(.fsListFaceted, text("home")) }
try await measure("write a file of 1 kB", rounds) { round in
    try await ask(.fsWrite, text("~:d:f"), [UInt8](repeating: UInt8(round & 255), count: 1000))
}
try await measure("create a directory", rounds) { try await ask(.fsCreateDir, text("~:d\($0)"), text("alice,alice")) }
try await measure("create a file", rounds) { try await ask(.fsCreateFile, text("~:f\($0)"), text("alice,alice")) }
try await measure("create a faceted directory", rounds) { try await ask(.fsCreateFaceted, text("~:g\($0)")) }
try await measure("delete", rounds) { try await ask(.fsDelete, text("~:d\($0)")) }
try await measure("seal an empty blob", rounds) { _ in
    let blob = try await ask(.blobCreate, [UInt8](repeating: 0, count: 8))[0]
    try await ask(.blobFinalize, blob, [0], [], [])
    try await ask(.blobClose, blob)
}
try await measure("seal and link a blob of 10 kB", rounds) { round in
    let blob = try await ask(.blobCreate, [UInt8](repeating: 0, count: 8))[0]
    try await ask(.blobWrite, blob, text("\(round)") + [UInt8](repeating: 1, count: 10_000))
    try await ask(.blobFinalize, blob, [1], text("~:b\(round)"), [])
    try await ask(.blobClose, blob)
}
let chunk = [UInt8](repeating: 7, count: 2 << 20)
var large: [UInt8] = []
try await measure("write 2 MiB of a blob", 50) { round in
    if round == 0 { large = try await ask(.blobCreate, [UInt8](repeating: 0, count: 8))[0] }
    try await ask(.blobWrite, large, chunk)
}
try await measure("seal 100 MiB", 1) { _ in try await ask(.blobFinalize, large, [0], [], []) }
try await measure("read 2 MiB of a blob", 50) { round in
    let offset = withUnsafeBytes(of: UInt64(round << 21).littleEndian) { Array($0) }
    try await ask(.blobRead, large, offset, [0, 0, 32, 0])
}
try await store.close()

/// Asks for an operation that must succeed.
@discardableResult
func ask(_ operation: FileOperation, _ fields: [UInt8]...) async throws -> [[UInt8]] {
    let reply = try await calls.answer(operation.rawValue, fields.map { $0[...] }).get()
    guard reply[0][0] == 0 else {
        say("\(operation) was refused with code \(reply[0])")
        exit(1)
    }
    return Array(reply.dropFirst())
}

/// Runs one step many times and prints how long each took.
func measure(_ name: String, _ count: Int, _ body: (Int) async throws -> Void) async throws {
    var times: [Double] = []
    for round in 0..<count {
        let begin = ContinuousClock.now
        try await body(round)
        let parts = (ContinuousClock.now - begin).components
        times.append(Double(parts.seconds) * 1e6 + Double(parts.attoseconds) / 1e12)
    }
    times.sort()
    let padded = name + String(repeating: " ", count: max(1, 34 - name.count))
    say("\(padded)median \(tenths(times[count / 2])) µs, 95 % \(tenths(times[count * 95 / 100])) µs")
}

func tenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }

func text(_ text: String) -> [UInt8] { Array(text.utf8) }

/// Writes a line to standard output.
func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = write(STDOUT_FILENO, bytes, bytes.count)
}

/// Runs nothing.
struct NoRunner: LabelledCallRunner {
    func run(_ call: GateCall) async throws -> CallReply { CallReply(succeeded: false, status: 0, label: .top) }
    func send(_ request: ServiceRequest) async throws -> CallReply {
        CallReply(succeeded: false, status: 0, label: .top)
    }
    func result(of invocation: String) async throws -> CallReply? { nil }
}
