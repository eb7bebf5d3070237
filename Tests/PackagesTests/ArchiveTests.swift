import SandboxTesting
import Testing

@testable import Packages

/// Archives as honest programs make them.
@Suite struct ArchiveTests {
    private static let long =
        Array(repeating: String(repeating: "d", count: 60), count: 3).joined(separator: "/") + "/long.py"

    @Test(arguments: ["deflated.zip", "pax.tar", "gnu.tar"])
    func `the same tree comes out of every format`(_ name: String) throws {
        let tree = try PackageReader.read(SampleFiles.read(name))
        #expect(Set(tree.files.keys) == ["workload.py", "package/__init__.py", "lib/däta.txt", Self.long])
        #expect(tree.text("package/__init__.py") == "greeting = 'hello'\n")
        #expect(tree.text("workload.py") == String(repeating: "from package import greeting\n", count: 20))
        #expect(tree.files["lib/däta.txt"] == [UInt8](0...255))
        #expect(tree.folders.contains("empty"))
    }

    @Test(arguments: ["gzip", "xz", "zstd"])
    func `a SquashFS image is read whatever it is compressed with`(_ name: String) throws {
        let tree = try PackageReader.read(SampleFiles.read("\(name).squashfs"))
        #expect(tree.files.count == 305)
        #expect(tree.text("workload.py") == "from package import greeting\n")
        #expect(tree.text("package/deep/f299.py") == "n = 299\n")
        #expect(tree.files["package/deep/er/zero"] == [])
        #expect(
            tree.files["lib/hole.bin"]
                == [UInt8](repeating: 0x61, count: 4096) + [UInt8](repeating: 0, count: 8192)
                + [UInt8](repeating: 0x62, count: 10))
        let large = try #require(tree.files["lib/large.txt"])
        #expect(large.count == 10_000 && large.allSatisfy { (0x61...0x6A).contains($0) })
        #expect(tree.folders == ["package", "package/deep", "package/deep/er", "lib", "empty"])
    }

    @Test func `an image without compression and fragments is read`() throws {
        let tree = try PackageReader.read(SampleFiles.read("plain.squashfs"))
        #expect(tree.text("workload.py") == "x = 1\n" && tree.text("package/__init__.py") == "y = 2\n")
        #expect(tree.folders == ["package", "empty"])
    }

    @Test func `an archive of ours is read as what it was made of, and is the same for the same tree`() throws {
        let tree = try PackageReader.read(SampleFiles.read("deflated.zip"))
        let archive = StoredArchive.encode(tree)
        let again = try PackageReader.read(archive)
        #expect(again.files == tree.files && again.folders == tree.folders)
        #expect(StoredArchive.encode(again) == archive)
        #expect(try StoredArchive.encode(PackageReader.read(SampleFiles.read("gnu.tar"))) == archive)
        #expect(StoredArchive.encode(PackageTree()).count == 22)
    }

    @Test(
        arguments: [
            ([0x1F, 0x8B, 8], "gzip"), ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "xz"), ([1, 2, 3], "zip archive"),
            ([], "zip archive"),
        ] as [([UInt8], String)])
    func `what is no archive is told what to send`(_ bytes: [UInt8], _ word: String) {
        let error = #expect(throws: PackageError.self) { try PackageReader.read(bytes) }
        #expect(error?.message.contains(word) == true && error?.message.contains("SquashFS 4") == true)
    }

    @Test func `an ext2 image is refused by name`() {
        var image = [UInt8](repeating: 0, count: 4096)
        image.set(0xEF53, at: 0x438, bytes: 2)
        let error = #expect(throws: PackageError.self) { try PackageReader.read(image) }
        #expect(error?.message.contains("ext2") == true)
    }
}
