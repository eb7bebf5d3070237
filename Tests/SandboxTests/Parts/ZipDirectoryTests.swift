import SandboxTesting
import Testing

@testable import Sandbox

@Suite struct ZipDirectoryTests {
    private static let sample = StoredZip([
        ("a.py", Array("x = 1".utf8)), ("p/", []), ("p/b.py", Array("y".utf8)), ("p/empty", []),
    ]).encoded

    private func entries(_ archive: [UInt8]) throws(ImageError) -> [ZipDirectory.Entry] {
        let result = archive.withUnsafeBytes { bytes -> Result<[ZipDirectory.Entry], ImageError> in
            do throws(ImageError) { return .success(try ZipDirectory.entries(of: bytes)) } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    @Test func `entries are found with their content`() throws {
        let found = try entries(Self.sample)
        #expect(found.map(\.name) == ["a.py", "p/", "p/b.py", "p/empty"])
        #expect(
            found.map { Array(Self.sample[$0.offset..<$0.offset + $0.count]) }.map {
                String(decoding: $0, as: UTF8.self)
            } == ["x = 1", "", "y", ""])
        #expect(try entries(StoredZip().encoded).isEmpty)
    }

    @Test func `an archive that is cut off at either end is refused`() {
        for count in 0..<Self.sample.count {
            #expect(throws: ImageError.self) { try entries(Array(Self.sample.prefix(count))) }
        }
        for count in 1..<Self.sample.count - 22 {
            // What is cut off in front moves all offsets.
            #expect(throws: ImageError.self, "\(count)") { try entries(Array(Self.sample.dropFirst(count))) }
        }
    }

    @Test(arguments: ["../a", "p/../../a", "/a", "./a", "p/./a", "..", "."])
    func `a name outside the tree is refused`(name: String) {
        #expect(throws: ImageError("the archive has an entry outside its tree: \(name)")) {
            try entries(StoredZip([(name, [])]).encoded)
        }
    }

    @Test func `a compressed entry is refused`() {
        var archive = Self.sample
        let directory = archive.indices.first { archive[$0...].starts(with: [0x50, 0x4B, 1, 2]) }!
        archive[directory + 10] = 8
        #expect(throws: ImageError("the archive has a compressed entry: store them uncompressed")) {
            try entries(archive)
        }
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `random changes are refused or harmless`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            var archive = Self.sample
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let byte: UInt8 = Bool.random(using: &random) ? 0xFF : UInt8.random(in: .min ... .max, using: &random)
                archive[Int.random(in: archive.indices, using: &random)] = byte
            }
            guard let found = try? entries(archive) else { continue }
            for entry in found {
                #expect(entry.offset >= 0 && entry.count >= 0 && entry.offset + entry.count <= archive.count)
            }
            _ = try FileTree(storedZip: MemoryFile.make(archive), mountPoint: "lib")
        }
    }

    @Test func `a file below a file and a name twice do no harm`() throws {
        let archive = StoredZip([
            ("a", [1]), ("a/b", [2]), ("a/b/c", [3]), ("d", [4]), ("d", [5]), ("e//f", [6]), ("", [7]),
        ])
        let tree = try FileTree(storedZip: MemoryFile.make(archive.encoded), mountPoint: "lib")
        var files = FileSystem(tree: tree, now: { 0 })
        let d = try files.open("lib/d", below: 3, flags: 0, mayWrite: false, appends: false)
        #expect(try files.read(files.file(d), from: 0) { Array($0) } == [5])
        #expect(try files.open("lib/e/f", below: 3, flags: 0, mayWrite: false, appends: false) == d + 1)
    }
}
