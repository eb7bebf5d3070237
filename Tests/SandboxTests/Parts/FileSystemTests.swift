import SandboxTesting
import Testing

@testable import Sandbox

@Suite struct FileSystemTests {
    private static let root = FileSystem.rootDescriptor

    private func fileSystem() throws -> FileSystem { FileSystem(tree: try Trees.small(), now: { 7 }) }

    private func open(
        _ path: String, _ files: inout FileSystem, flags: UInt32 = OpenFlags.create, below: UInt32 = root,
        mayWrite: Bool = true
    ) throws(Errno) -> UInt32 {
        try files.open(path, below: below, flags: flags, mayWrite: mayWrite, appends: false)
    }

    private func empty(_ folder: String, _ files: inout FileSystem) throws {
        for (name, status) in try files.entries(
            FileSystem.OpenFile(place: files.place(folder, below: Self.root), path: folder))
        {
            if status.type == .directory { try empty("\(folder)/\(name)", &files) }
            try files.remove("\(folder)/\(name)", below: Self.root, directory: status.type == .directory)
        }
    }

    private func write(_ text: String, to descriptor: UInt32, at offset: Int = 0, _ files: inout FileSystem) throws {
        try Array(text.utf8).withUnsafeBytes { try files.write($0, to: files.file(descriptor), at: offset) }
    }

    private func content(_ descriptor: UInt32, _ files: FileSystem, from offset: Int = 0) throws -> String {
        try files.read(files.file(descriptor), from: offset) { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `the library is read-only`() throws {
        var files = try fileSystem()
        let library = try open("lib/readable", &files, flags: 0, mayWrite: false)
        #expect(try content(library, files) == "content")
        #expect(try content(library, files, from: 5) == "nt")
        #expect(try content(library, files, from: .max) == "")
        #expect(throws: Errno.rofs) { try open("lib/readable", &files, flags: 0) }
        #expect(throws: Errno.rofs) { try open("lib/readable", &files, flags: OpenFlags.truncate, mayWrite: false) }
        #expect(throws: Errno.rofs) { try open("lib/new", &files) }
        #expect(throws: Errno.rofs) { try open("new", &files) }
        #expect(throws: Errno.rofs) { try files.makeDirectory("lib/d", below: Self.root) }
        #expect(throws: Errno.rofs) { try files.remove("lib/readable", below: Self.root, directory: false) }
        #expect(throws: Errno.rofs) {
            try files.rename("lib/readable", below: Self.root, to: "tmp/a", below: Self.root)
        }
        #expect(throws: Errno.badf) { try write("x", to: library, &files) }
        #expect(throws: Errno.badf) { try files.truncate(files.file(library), to: 0) }
    }

    @Test func `links are followed, and can be looked at, renamed and removed themselves`() throws {
        var files = try fileSystem()
        try files.makeDirectory("tmp/d", below: Self.root)
        try write("text", to: open("tmp/d/file", &files), &files)
        try files.makeLink(to: "d", at: "tmp/folder", below: Self.root)
        try files.makeLink(to: "/tmp/folder/file", at: "tmp/d/link", below: Self.root)
        try files.makeLink(to: "../lib/readable", at: "tmp/out", below: Self.root)
        #expect(try content(open("tmp/folder/link", &files, flags: 0, mayWrite: false), files) == "text")
        #expect(try content(open("tmp/out", &files, flags: 0, mayWrite: false), files) == "content")
        #expect(try files.target(of: "tmp/d/link", below: Self.root) == Array("/tmp/folder/file".utf8))
        #expect(throws: Errno.inval) { try files.target(of: "tmp/d/file", below: Self.root) }
        #expect(throws: Errno.rofs) { try open("tmp/out", &files, flags: OpenFlags.create) }
        let link = try files.place("tmp/d/link", below: Self.root, follows: false)
        #expect(files.status(of: link).type == .symbolicLink && files.status(of: link).size == 16)
        #expect(throws: Errno.loop) {
            try files.open("tmp/d/link", below: Self.root, flags: 0, mayWrite: false, appends: false, follows: false)
        }
        // What is made through a link that leads nowhere yet is made where it leads.
        try files.makeLink(to: "d/new", at: "tmp/later", below: Self.root)
        #expect(throws: Errno.noent) { try open("tmp/later", &files, flags: 0) }
        #expect(throws: Errno.exist) { try open("tmp/later", &files, flags: OpenFlags.create | OpenFlags.exclusive) }
        try write("new", to: open("tmp/later", &files), &files)
        #expect(try content(open("tmp/d/new", &files, flags: 0), files) == "new")
        try files.rename("tmp/later", below: Self.root, to: "tmp/moved", below: Self.root)
        try files.remove("tmp/moved", below: Self.root, directory: false)
        try files.remove("tmp/folder", below: Self.root, directory: false)
        #expect(try content(open("tmp/d/new", &files, flags: 0), files) == "new")
        #expect(throws: Errno.noent) { try open("tmp/d/link", &files, flags: 0) }
        // The text of a link has no way out either, and some lead round.
        try files.makeLink(to: "../../../../etc", at: "tmp/up", below: Self.root)
        #expect(throws: Errno.noent) { try files.place("tmp/up", below: Self.root) }
        try files.makeLink(to: "a", at: "tmp/b", below: Self.root)
        try files.makeLink(to: "b", at: "tmp/a", below: Self.root)
        #expect(throws: Errno.loop) { try files.place("tmp/a/x", below: Self.root) }
        for target in ["", "a\0b", String(repeating: "x", count: 4097)] {
            #expect(throws: Errno.inval) { try files.makeLink(to: target, at: "tmp/c", below: Self.root) }
        }
        #expect(throws: Errno.exist) { try files.makeLink(to: "x", at: "tmp/a", below: Self.root) }
        #expect(throws: Errno.rofs) { try files.makeLink(to: "x", at: "lib/a", below: Self.root) }
    }

    @Test func `a file has as many names as it is given, and its bytes until the last is gone`() throws {
        var files = try fileSystem()
        try write("text", to: open("tmp/a", &files), &files)
        func link(_ path: String, _ newPath: String) throws(Errno) {
            try files.addName(newPath, below: Self.root, to: path, below: Self.root, follows: false)
        }
        try link("tmp/a", "tmp/b")
        #expect(try files.status(of: files.place("tmp/b", below: Self.root)).links == 2)
        try files.rename("tmp/a", below: Self.root, to: "tmp/b", below: Self.root)
        #expect(try content(open("tmp/a", &files, flags: 0), files) == "text", "two names of one file stay")
        try files.remove("tmp/a", below: Self.root, directory: false)
        #expect(try content(open("tmp/b", &files, flags: 0), files) == "text")
        try files.makeDirectory("tmp/d", below: Self.root)
        #expect(throws: Errno.perm) { try link("tmp/d", "tmp/e") }
        #expect(throws: Errno.exist) { try link("tmp/b", "tmp/d") }
        #expect(throws: Errno.noent) { try link("tmp/none", "tmp/e") }
        #expect(throws: Errno.xdev) { try link("lib/readable", "tmp/e") }
    }

    @Test func `times that are set stay until the next change`() throws {
        var files = try fileSystem()
        let file = try open("tmp/a", &files)
        let place = try files.place("tmp/a", below: Self.root)
        func modified() -> UInt64 { files.status(of: place).modifiedNanoseconds }
        try files.setTimes(of: place, 4, modified: 5)
        #expect(modified() == 5)
        try files.setTimes(of: place, 1, modified: 6)  // the time of access, which is not kept
        #expect(modified() == 5)
        try files.setTimes(of: place, 8, modified: 6)  // now
        #expect(modified() == 7)
        #expect(throws: Errno.inval) { try files.setTimes(of: place, 12, modified: 6) }
        try files.setTimes(of: place, 4, modified: 5)
        try write("x", to: file, &files)
        #expect(modified() == 7)
    }

    @Test func `secrets have a place of their own, below which all is as in tmp`() throws {
        var files = try fileSystem()
        try files.makeDirectory("var/openfaas/secrets", below: Self.root)
        try write("value", to: open("/var/openfaas/secrets/key", &files), &files)
        #expect(
            try content(open("var/openfaas/../openfaas/secrets/key", &files, flags: 0, mayWrite: false), files)
                == "value")
        #expect(throws: Errno.rofs) { try open("var/openfaas/other", &files) }
        #expect(throws: Errno.noent) { try open("var/openfaas/secret/key", &files, flags: 0, mayWrite: false) }
    }

    @Test func `dots and slashes are resolved, and stop at the root`() throws {
        var files = try fileSystem()
        for path in [
            "lib/readable", "/lib/readable", "./lib/../lib/./readable", "../../lib//readable", "tmp/../lib/readable",
        ] {
            #expect(try content(open(path, &files, flags: 0, mayWrite: false), files) == "content", "\(path)")
        }
        let library = try open("lib", &files, flags: OpenFlags.directory, mayWrite: false)
        #expect(
            try content(open("../lib/readable", &files, flags: 0, below: library, mayWrite: false), files) == "content")
        #expect(throws: Errno.noent) { try open("lib/readable/../nothing", &files, flags: 0, mayWrite: false) }
        #expect(throws: Errno.notdir) { try open("lib/readable/x", &files, flags: 0, mayWrite: false) }
        #expect(throws: Errno.inval) { try open("a\0b", &files) }
        #expect(throws: Errno.inval) { try open(String(repeating: "a/", count: 3000), &files) }
        #expect(throws: Errno.inval) { try open("tmp/" + String(repeating: "a", count: 256), &files) }
    }

    @Test func `files are made, written, extended, cut and read`() throws {
        var files = try fileSystem()
        let file = try open("tmp/a", &files)
        try write("0123456789", to: file, &files)
        try write("xyz", to: file, at: 3, &files)
        #expect(try content(file, files) == "012xyz6789")
        try write("!", to: file, at: 12, &files)
        #expect(try content(file, files) == "012xyz6789\0\0!")
        try files.truncate(files.file(file), to: 4)
        #expect(try content(file, files) == "012x")
        try files.truncate(files.file(file), to: 6)
        #expect(try content(file, files) == "012x\0\0")
        #expect(try files.status(of: files.file(file).place).modifiedNanoseconds == 7)
        _ = try open("tmp/a", &files, flags: OpenFlags.truncate)
        #expect(try content(file, files) == "")
        #expect(throws: Errno.exist) { try open("tmp/a", &files, flags: OpenFlags.create | OpenFlags.exclusive) }
        #expect(throws: Errno.notdir) { try open("tmp/a", &files, flags: OpenFlags.directory, mayWrite: false) }
        #expect(throws: Errno.isdir) { try open("tmp", &files, flags: 0) }
        #expect(throws: Errno.fbig) { try write("x", to: file, at: .max, &files) }
        #expect(throws: Errno.nospc) { try write("x", to: file, at: ScratchTree.quotaBytes, &files) }
    }

    @Test func `a file that lost its name is still there for who has it open`() throws {
        var files = try fileSystem()
        let file = try open("tmp/a", &files)
        try write("kept", to: file, &files)
        try files.remove("tmp/a", below: Self.root, directory: false)
        #expect(try content(file, files) == "kept")
        #expect(throws: Errno.noent) { try open("tmp/a", &files, flags: 0) }
        let other = try open("tmp/a", &files)
        #expect(try content(other, files) == "")
        #expect(files.openPaths == ["tmp/a", "tmp/a"])
        try files.close(file)
        #expect(throws: Errno.badf) { try files.file(file) }
    }

    @Test func `renaming moves, replaces what fits, and makes no loops`() throws {
        var files = try fileSystem()
        try write("one", to: open("tmp/a", &files), &files)
        try write("two", to: open("tmp/b", &files), &files)
        for path in ["tmp/d", "tmp/d/e", "tmp/full"] { try files.makeDirectory(path, below: Self.root) }
        _ = try open("tmp/full/x", &files)
        func rename(_ from: String, _ to: String) throws {
            try files.rename(from, below: Self.root, to: to, below: Self.root)
        }
        try rename("tmp/a", "tmp/b")
        #expect(try content(open("tmp/b", &files, flags: 0), files) == "one")
        #expect(throws: Errno.noent) { try rename("tmp/a", "tmp/c") }
        #expect(throws: Errno.inval) { try rename("tmp/d", "tmp/d/e/f") }
        #expect(throws: Errno.inval) { try rename("tmp/d", "tmp/d/f") }
        #expect(throws: Errno.inval) { try rename("tmp/d", "tmp/../tmp/d/./e/f") }
        #expect(throws: Errno.isdir) { try rename("tmp/b", "tmp/d") }
        #expect(throws: Errno.notdir) { try rename("tmp/d", "tmp/b") }
        #expect(throws: Errno.notempty) { try rename("tmp/d/e", "tmp/full") }
        #expect(throws: Errno.perm) { try rename("tmp", "tmp/x") }
        try rename("tmp/d", "tmp/d")
        try rename("tmp/b", "tmp/b")
        try rename("tmp/d", "tmp/da")
        try rename("tmp/b", "tmp/da/e/b")
        #expect(try content(open("tmp/da/e/b", &files, flags: 0), files) == "one")
    }

    @Test func `folders are listed in order, and removed when empty`() throws {
        var files = try fileSystem()
        try files.makeDirectory("tmp/d", below: Self.root)
        #expect(throws: Errno.exist) { try files.makeDirectory("tmp/d", below: Self.root) }
        #expect(throws: Errno.perm) { try files.makeDirectory("tmp", below: Self.root) }
        for name in ["b", "a", "c"] { try files.close(open("tmp/d/\(name)", &files)) }
        let folder = try open("tmp/d", &files, flags: OpenFlags.directory, mayWrite: false)
        #expect(try files.entries(files.file(folder)).map(\.name) == ["a", "b", "c"])
        #expect(try files.entries(files.file(Self.root)).map(\.name) == ["function", "lib", "tmp"])
        #expect(throws: Errno.notempty) { try files.remove("tmp/d", below: Self.root, directory: true) }
        #expect(throws: Errno.isdir) { try files.remove("tmp/d", below: Self.root, directory: false) }
        #expect(throws: Errno.notdir) { try files.remove("tmp/d/a", below: Self.root, directory: true) }
        for name in ["a", "b", "c"] { try files.remove("tmp/d/\(name)", below: Self.root, directory: false) }
        try files.remove("tmp/d", below: Self.root, directory: true)
        #expect(throws: Errno.noent) { try open("x", &files, below: folder) }
        #expect(throws: Errno.perm) { try files.remove("tmp", below: Self.root, directory: true) }
    }

    @Test func `descriptors are used again, renumbered and bounded`() throws {
        var files = try fileSystem()
        let first = try open("tmp/a", &files)
        let second = try open("tmp/b", &files)
        #expect([first, second] == [4, 5])
        try files.close(first)
        #expect(try open("tmp/c", &files) == 4)
        try write("b", to: second, &files)
        try files.renumber(second, to: 4)
        #expect(try content(4, files) == "b")
        #expect(throws: Errno.badf) { try files.file(second) }
        try files.renumber(4, to: 4)
        #expect(throws: Errno.badf) { try files.renumber(4, to: 99) }
        #expect(throws: Errno.notsup) { try files.renumber(4, to: 3) }
        #expect(throws: Errno.notsup) { try files.close(3) }
        for descriptor in [0, 1, 2, 5, 260, .max] as [UInt32] {
            #expect(throws: Errno.badf) { try files.close(descriptor) }
        }
    }

    @Test func `what was replaced or renumbered over gives its bytes back`() throws {
        var files = try fileSystem()
        let most = UInt64(ScratchTree.quotaBytes)
        for _ in 0..<3 {
            let file = try open("tmp/a", &files)
            try files.truncate(files.file(file), to: most)
            let other = try open("tmp/b", &files)
            try files.rename("tmp/b", below: Self.root, to: "tmp/a", below: Self.root)
            #expect(throws: Errno.nospc) { try files.truncate(files.file(other), to: 1) }
            try files.renumber(other, to: file)
            try files.truncate(files.file(file), to: most)
            try files.close(file)
            try files.remove("tmp/a", below: Self.root, directory: false)
        }
    }

    @Test func `very deep folders are freed without a very deep stack`() async throws {
        try await GuestThread.run {
            var tree = ScratchTree(now: 0)
            var node = tree.root
            for _ in 0..<ScratchTree.maximumNodes {
                node = try tree.make(.directory, named: "d", in: node, now: 0)
            }
            #expect(throws: Errno.nospc) { try tree.make(.directory, named: "d", in: node, now: 0) }
        }
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `random operations keep the quota true`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var files = try fileSystem()
        let names = ["tmp/a", "tmp/b", "tmp/d", "tmp/d/a", "tmp/d/e"]
        var opened: [UInt32] = []
        for _ in 0..<500 {
            let (one, two) = (names.randomElement(using: &random)!, names.randomElement(using: &random)!)
            switch Int.random(in: 0..<8, using: &random) {
            case 0, 1: if let descriptor = try? open(one, &files) { opened.append(descriptor) }
            case 2: try? files.makeDirectory(one, below: Self.root)
            case 3: try? files.remove(one, below: Self.root, directory: Bool.random(using: &random))
            case 4: try? files.rename(one, below: Self.root, to: two, below: Self.root)
            case 5:
                if let index = opened.indices.randomElement(using: &random) {
                    try? files.close(opened.remove(at: index))
                }
            default:
                guard let descriptor = opened.randomElement(using: &random), let file = try? files.file(descriptor)
                else { continue }
                try? files.truncate(file, to: UInt64.random(in: 0...(8 << 20), using: &random))
            }
        }
        // When all is closed and removed, the whole quota is there again.
        for descriptor in Set(opened) { try? files.close(descriptor) }
        try empty("tmp", &files)
        let last = try open("tmp/last", &files)
        #expect(throws: Never.self, "seed \(seed)") {
            try files.truncate(files.file(last), to: UInt64(ScratchTree.quotaBytes))
        }
        #expect(throws: Errno.nospc) { try files.truncate(files.file(last), to: UInt64(ScratchTree.quotaBytes) + 1) }
    }
}
