import Testing

@testable import Sandbox

/// Shared files as one call sees them: what must be asked, and what is made of the answers.
@Suite struct SharedMountTests {
    private static let root = FileSystem.rootDescriptor

    private func fileSystem() throws -> FileSystem { FileSystem(tree: try Trees.small(), now: { 7 }) }

    /// Does a step as often as something must be asked for it; returns what was asked.
    private func run<Value>(
        _ files: inout FileSystem, _ answers: [SharedRequest: SharedAnswer] = [:],
        _ step: (inout FileSystem) throws(Errno) -> Value
    ) throws(Errno) -> (value: Value, asked: [SharedRequest]) {
        files.shared.begin()
        var asked: [SharedRequest] = []
        while true {
            do throws(Errno) { return (try step(&files), asked) } catch {
                guard error == .again, let request = files.shared.pending else { throw error }
                asked.append(request)
                files.shared.take(answers[request] ?? .failed(.noent))
            }
        }
    }

    /// What a platform answers that has one file.
    private let known: [SharedRequest: SharedAnswer] = [
        .status("f"): .node(SharedNode("f", size: 4, modifiedMicroseconds: 1, content: [9])),
        .read(content: [9], offset: 0, count: 4): .bytes(Array("text".utf8)),
        .all(content: [9], size: 4): .bytes(Array("text".utf8)), .write("f"): .done,
    ]

    private func open(_ path: String, _ files: inout FileSystem, flags: UInt32 = 0, mayWrite: Bool = false)
        throws(Errno) -> UInt32
    {
        try files.open(path, below: Self.root, flags: flags, mayWrite: mayWrite, appends: false)
    }

    @Test func `a file is asked for once, and its bytes are read ahead`() throws {
        var files = try fileSystem()
        let (descriptor, asked) = try run(&files, known) { files throws(Errno) in
            try open("faasm://f", &files)
        }
        #expect(asked == [.status("f")])
        for (offset, wanted) in [(0, "text"), (2, "xt"), (4, ""), (99, "")] {
            let text = try run(&files, known) { files throws(Errno) in
                try files.read(files.file(descriptor), from: offset) { String(decoding: $0, as: UTF8.self) }
            }
            #expect(text.value == wanted)
            #expect(text.asked.count == (offset == 0 ? 1 : 0))
        }
    }

    @Test func `what is written goes out when it is closed, and only then`() throws {
        var files = try fileSystem()
        let (descriptor, asked) = try run(&files, known) { files throws(Errno) in
            try open("/faasm:/f", &files, mayWrite: true)
        }
        #expect(asked == [.status("f"), .all(content: [9], size: 4)])
        let file = try files.file(descriptor)
        try Array("TE".utf8).withUnsafeBytes { try files.write($0, to: file, at: 0) }
        let closing = try run(&files, known) { files throws(Errno) in
            do throws(Errno) { try files.close(descriptor) } catch {
                if error == .again { #expect(files.shared.outgoing == Array("TExt".utf8)) }
                throw error
            }
        }
        #expect(closing.asked == [.write("f")])
        #expect(throws: Errno.badf) { try files.close(descriptor) }
    }

    @Test func `a file that cannot be written is closed all the same`() throws {
        var files = try fileSystem()
        let descriptor = try run(&files) { files throws(Errno) in
            try open("faasm://new", &files, flags: OpenFlags.create, mayWrite: true)
        }.value
        #expect(throws: Errno.nospc) {
            try run(&files, [.write("new"): .failed(.nospc)]) { files throws(Errno) in try files.close(descriptor) }
        }
        #expect(throws: Errno.badf) { try files.close(descriptor) }
    }

    @Test(arguments: ["faasm://../a", "faasm:///a", "faasm://a//b", "/faasm://a/../../b", "faasm:////"])
    func `paths that look like a way out are refused before anything is asked`(path: String) throws {
        var files = try fileSystem()
        #expect(throws: Errno.inval) { try open(path, &files) }
        #expect(files.shared.pending == nil)
    }

    @Test func `between shared files and others nothing is renamed`() throws {
        var files = try fileSystem()
        #expect(throws: Errno.xdev) { try files.rename("tmp/a", below: Self.root, to: "faasm://a", below: Self.root) }
        #expect(throws: Errno.xdev) { try files.rename("faasm://a", below: Self.root, to: "tmp/a", below: Self.root) }
    }
}
