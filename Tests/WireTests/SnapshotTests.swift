import Foundation
import SandboxTesting
import Testing
import Wire

/// The bytes of frames are a contract: where one of these changes, `wireVersion` must too.
@Suite struct SnapshotTests {
    @Test func `the bytes of every frame are those of this version's snapshot`() throws {
        let lines =
            Samples.server.map { "server \($0.name) \(FrameCodec.encode($0.frame).hexadecimal)" }
            + Samples.worker.map { "worker \($0.name) \(FrameCodec.encode($0.frame).hexadecimal)" }
        let snapshot = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "Snapshots/frames-\(wireVersion).txt")
        let actual = lines.joined(separator: "\n") + "\n"
        if ProcessInfo.processInfo.environment["SWIFTLET_UPDATE_SNAPSHOTS"] == "1" {
            try actual.write(to: snapshot, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: snapshot, encoding: .utf8) == actual)
    }
}
